//! Attempts to sign up and to sign in. A client has at most one of each under way.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::{id, password::PasswordHash},
    DAY, ExternalAccount, Verification,
};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct SignUp {
    pub(in super::super) id: String,
    pub(in super::super) email_address: Option<String>,
    pub(in super::super) first_name: Option<String>,
    pub(in super::super) last_name: Option<String>,
    pub(in super::super) password: Option<PasswordHash>,
    pub(in super::super) unsafe_metadata: Map<String, Value>,
    pub(in super::super) locale: Option<String>,
    /// Of the e-mail address; none before it is prepared.
    pub(in super::super) verification: Option<Verification>,
    pub(in super::super) external_account: Option<ExternalAccount>,
    pub(in super::super) created_session_id: Option<String>,
    pub(in super::super) created_user_id: Option<String>,
    pub(in super::super) abandon_at: i64,
}

impl SignUp {
    pub(in super::super) fn new(now: i64) -> Self {
        Self {
            id: id::new("sua"),
            abandon_at: now + DAY,
            ..Self::default()
        }
    }

    pub(in super::super) fn is_complete(&self) -> bool {
        self.created_session_id.is_some()
    }

    pub(in super::super) fn is_email_verified(&self) -> bool {
        self.verification
            .as_ref()
            .is_some_and(|verification| verification.verified)
    }

    /// Has a provider said who it is? Then no password is needed.
    pub(in super::super) fn is_vouched_for(&self) -> bool {
        self.external_account
            .as_ref()
            .is_some_and(|account| account.verification.verified)
    }

    pub(in super::super) fn missing_fields(&self) -> Vec<&'static str> {
        let required = [
            ("email_address", self.email_address.is_none()),
            ("password", self.password.is_none() && !self.is_vouched_for()),
        ];
        required
            .into_iter()
            .filter_map(|(field, missing)| missing.then_some(field))
            .collect()
    }

    pub(in super::super) fn unverified_fields(&self) -> Vec<&'static str> {
        let unverified = self.email_address.is_some() && !self.is_email_verified();
        unverified.then_some("email_address").into_iter().collect()
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct SignIn {
    pub(in super::super) id: String,
    pub(in super::super) status: SignInStatus,
    pub(in super::super) identifier: Option<String>,
    pub(in super::super) user_id: Option<String>,
    pub(in super::super) first_factor: Option<Verification>,
    pub(in super::super) second_factor: Option<Verification>,
    pub(in super::super) created_session_id: Option<String>,
    pub(in super::super) abandon_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum SignInStatus {
    NeedsIdentifier,
    NeedsFirstFactor,
    NeedsSecondFactor,
    NeedsNewPassword,
    Complete,
}

impl SignIn {
    pub(in super::super) fn new(now: i64) -> Self {
        Self {
            id: id::new("sia"),
            status: SignInStatus::NeedsIdentifier,
            identifier: None,
            user_id: None,
            first_factor: None,
            second_factor: None,
            created_session_id: None,
            abandon_at: now + DAY,
        }
    }
}
