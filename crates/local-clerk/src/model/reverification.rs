//! Reverification: verifying a user again within a session.

use serde::{Deserialize, Serialize};

use super::{SignIn, User, Verification};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Reverification {
    pub(crate) level: Level,
    /// The attempt, whose factors are those of a sign-in.
    pub(crate) proof: SignIn,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Level {
    #[serde(rename = "first_factor")]
    First,
    #[serde(rename = "second_factor")]
    Second,
    #[serde(rename = "multi_factor")]
    Multi,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReverificationStatus {
    NeedsFirstFactor,
    NeedsSecondFactor,
    Complete,
}

impl Level {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "first_factor" => Some(Self::First),
            "second_factor" => Some(Self::Second),
            "multi_factor" => Some(Self::Multi),
            _ => None,
        }
    }
}

impl Reverification {
    pub(crate) fn new(level: Level, user: &User, now: i64) -> Self {
        let proof = SignIn {
            user_id: Some(user.id.clone()),
            ..SignIn::new(now)
        };
        Self { level, proof }
    }

    /// Returns what the reverification needs. A user without a second factor proves the first one instead.
    pub(crate) fn status(&self, user: &User) -> ReverificationStatus {
        let open = |factor: &Option<Verification>| !factor.as_ref().is_some_and(|factor| factor.verified);
        let has_second = user.has_second_factor();
        if open(&self.proof.first_factor) && !(self.level == Level::Second && has_second) {
            ReverificationStatus::NeedsFirstFactor
        } else if open(&self.proof.second_factor) && self.level != Level::First && has_second {
            ReverificationStatus::NeedsSecondFactor
        } else {
            ReverificationStatus::Complete
        }
    }
}
