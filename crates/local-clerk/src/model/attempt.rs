//! Attempts to sign up and to sign in. A client has at most one of each under way.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::{id, password::PasswordHash, settings::Settings},
    ContactKind, DAY, ExternalAccount, Verification,
};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct SignUp {
    pub(in super::super) id: String,
    pub(in super::super) username: Option<String>,
    pub(in super::super) email_address: Option<String>,
    pub(in super::super) phone_number: Option<String>,
    pub(in super::super) first_name: Option<String>,
    pub(in super::super) last_name: Option<String>,
    pub(in super::super) password: Option<PasswordHash>,
    pub(in super::super) public_metadata: Map<String, Value>,
    pub(in super::super) unsafe_metadata: Map<String, Value>,
    pub(in super::super) locale: Option<String>,
    /// None before it is prepared.
    pub(in super::super) email_verification: Option<Verification>,
    pub(in super::super) phone_verification: Option<Verification>,
    pub(in super::super) external_account: Option<ExternalAccount>,
    /// The invitation's that brought the user here.
    pub(in super::super) ticket: Option<String>,
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

    /// Has a provider said who it is? Then no password is needed.
    pub(in super::super) fn is_vouched_for(&self) -> bool {
        self.external_account
            .as_ref()
            .is_some_and(|account| account.verification.verified)
    }

    pub(in super::super) fn contact(&self, kind: ContactKind) -> Option<&String> {
        match kind {
            ContactKind::EmailAddress => self.email_address.as_ref(),
            ContactKind::PhoneNumber => self.phone_number.as_ref(),
        }
    }

    /// Changes a contact; another one is not verified yet.
    pub(in super::super) fn set_contact(&mut self, kind: ContactKind, value: String) {
        if self.contact(kind) != Some(&value) {
            *self.verification_mut(kind) = None;
        }
        match kind {
            ContactKind::EmailAddress => self.email_address = Some(value),
            ContactKind::PhoneNumber => self.phone_number = Some(value),
        }
    }

    pub(in super::super) fn verification(&self, kind: ContactKind) -> Option<&Verification> {
        match kind {
            ContactKind::EmailAddress => self.email_verification.as_ref(),
            ContactKind::PhoneNumber => self.phone_verification.as_ref(),
        }
    }

    pub(in super::super) fn verification_mut(&mut self, kind: ContactKind) -> &mut Option<Verification> {
        match kind {
            ContactKind::EmailAddress => &mut self.email_verification,
            ContactKind::PhoneNumber => &mut self.phone_verification,
        }
    }

    /// What is still to be given. Where nothing that identifies the user is required, something is.
    pub(in super::super) fn missing_fields(&self, settings: &Settings) -> Vec<&'static str> {
        let is_given = |field: &str| match field {
            "email_address" => self.email_address.is_some(),
            "phone_number" => self.phone_number.is_some(),
            "username" => self.username.is_some(),
            "password" => self.password.is_some() || self.is_vouched_for(),
            _ => true,
        };
        let (mut missing, _) = settings.sign_up_fields();
        missing.retain(|field| !is_given(field));
        let identifiers = settings.identifiers();
        if !identifiers
            .iter()
            .any(|(name, _)| is_given(name) || missing.contains(name))
        {
            missing.extend(identifiers.first().map(|(name, _)| *name));
        }
        missing
    }

    pub(in super::super) fn unverified_fields(&self) -> Vec<&'static str> {
        let is_unverified = |kind: &ContactKind| {
            let verification = self.verification(*kind);
            self.contact(*kind).is_some() && !verification.is_some_and(|verification| verification.verified)
        };
        let kinds = ContactKind::ALL.into_iter();
        kinds.filter(is_unverified).map(ContactKind::name).collect()
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
