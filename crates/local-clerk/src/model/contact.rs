//! The e-mail addresses and phone numbers of users.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

use super::Verification;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContactKind {
    EmailAddress,
    PhoneNumber,
}

impl ContactKind {
    pub(crate) const ALL: [Self; 2] = [Self::EmailAddress, Self::PhoneNumber];

    /// Returns the name of the `object` and of the field.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::EmailAddress => "email_address",
            Self::PhoneNumber => "phone_number",
        }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::EmailAddress => "email address",
            Self::PhoneNumber => "phone number",
        }
    }

    /// Returns the kind of contact that a strategy sends its code to, and whether the code allows setting a new
    /// password.
    pub(crate) fn of_strategy(strategy: &str) -> Option<(Self, bool)> {
        let (code, is_reset) = match strategy.strip_prefix("reset_password_") {
            Some(code) => (code, true),
            None => (strategy, false),
        };
        let kind = Self::ALL.into_iter().find(|kind| kind.code_strategy() == code)?;
        Some((kind, is_reset))
    }

    /// Returns the kind of contact that a strategy sends a code or a link to.
    pub(crate) fn reached_by(strategy: &str) -> Option<Self> {
        match strategy {
            "email_link" => Some(Self::EmailAddress),
            code => Some(Self::of_strategy(code)?.0),
        }
    }

    /// Returns the strategy that verifies a contact by a code.
    pub(crate) const fn code_strategy(self) -> &'static str {
        match self {
            Self::EmailAddress => "email_code",
            Self::PhoneNumber => "phone_code",
        }
    }
}

/// An e-mail address or a phone number.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) value: String,
    pub(crate) verification: Option<Verification>,
    /// Whether a phone number is a second factor, which excludes it as a first factor.
    #[serde(default)]
    pub(crate) reserved_for_second_factor: bool,
    /// Whether it is the preselected second factor.
    #[serde(default)]
    pub(crate) default_second_factor: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Contact {
    pub(crate) fn new(value: String, verification: Option<Verification>, now: i64) -> Self {
        Self {
            id: id::new("idn", now),
            value,
            verification,
            reserved_for_second_factor: false,
            default_second_factor: false,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.verification
            .as_ref()
            .is_some_and(|verification| verification.verified)
    }
}

/// The user of a verified contact or a username, which belong to at most one.
#[derive(Serialize, Deserialize)]
pub(crate) struct Identifier {
    /// In lower case.
    pub(crate) value: String,
    pub(crate) user_id: String,
}

impl Document for Identifier {
    const KIND: &'static str = "identifier";
    fn id(&self) -> &str {
        &self.value
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.user_id)
    }
}
