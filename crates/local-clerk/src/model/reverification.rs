//! Proving anew who one is, in a session that has been on for a while.

use serde::{Deserialize, Serialize};

use super::{SignIn, User, Verification};

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Reverification {
    pub(in super::super) level: Level,
    /// The factors are those of a sign-in.
    pub(in super::super) proof: SignIn,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) enum Level {
    #[serde(rename = "first_factor")]
    First,
    #[serde(rename = "second_factor")]
    Second,
    #[serde(rename = "multi_factor")]
    Multi,
}

impl Level {
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        match text {
            "first_factor" => Some(Self::First),
            "second_factor" => Some(Self::Second),
            "multi_factor" => Some(Self::Multi),
            _ => None,
        }
    }
}

impl Reverification {
    pub(in super::super) fn new(level: Level, user: &User, now: i64) -> Self {
        let proof = SignIn {
            user_id: Some(user.id.clone()),
            ..SignIn::new(now)
        };
        Self { level, proof }
    }

    /// Who has no second factor is asked for the first in its stead.
    pub(in super::super) fn status(&self, user: &User) -> &'static str {
        let open = |factor: &Option<Verification>| !factor.as_ref().is_some_and(|factor| factor.verified);
        let has_second = user.has_second_factor();
        if open(&self.proof.first_factor) && !(self.level == Level::Second && has_second) {
            "needs_first_factor"
        } else if open(&self.proof.second_factor) && self.level != Level::First && has_second {
            "needs_second_factor"
        } else {
            "complete"
        }
    }
}
