//! Attempts to sign up and to sign in. A client has at most one of each.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id, password::PasswordHash};

use super::{Contact, ContactKind, DAY, ExternalAccount, Settings, Verification};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SignUp {
    pub(crate) id: String,
    pub(crate) username: Option<String>,
    pub(crate) email_address: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) public_metadata: Map<String, Value>,
    pub(crate) unsafe_metadata: Map<String, Value>,
    pub(crate) locale: Option<String>,
    pub(crate) legal_accepted_at: Option<i64>,
    /// The id of the user in other systems, set by a backend.
    pub(crate) external_id: Option<String>,
    /// A mark that a backend has set.
    pub(crate) custom_action: bool,
    /// `None` before it is prepared.
    pub(crate) email_verification: Option<Verification>,
    pub(crate) phone_verification: Option<Verification>,
    pub(crate) external_account: Option<ExternalAccount>,
    /// The ticket of the invitation that started the attempt.
    pub(crate) ticket: Option<String>,
    pub(crate) created_session_id: Option<String>,
    pub(crate) created_user_id: Option<String>,
    pub(crate) abandon_at: i64,
}

impl SignUp {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            id: id::new("sua", now),
            abandon_at: now + DAY,
            ..Self::default()
        }
    }

    pub(crate) fn status(&self) -> SignUpStatus {
        if self.is_complete() {
            SignUpStatus::Complete
        } else {
            SignUpStatus::MissingRequirements
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.created_session_id.is_some()
    }

    /// Tells whether a provider has verified the user, who then needs no password.
    pub(crate) fn is_verified_by_provider(&self) -> bool {
        self.external_account
            .as_ref()
            .is_some_and(|account| account.verification.verified)
    }

    pub(crate) fn contact(&self, kind: ContactKind) -> Option<&String> {
        match kind {
            ContactKind::EmailAddress => self.email_address.as_ref(),
            ContactKind::PhoneNumber => self.phone_number.as_ref(),
        }
    }

    /// Changes a contact; a different one has to be verified again.
    pub(crate) fn set_contact(&mut self, kind: ContactKind, value: String) {
        if self.contact(kind) != Some(&value) {
            *self.verification_mut(kind) = None;
        }
        match kind {
            ContactKind::EmailAddress => self.email_address = Some(value),
            ContactKind::PhoneNumber => self.phone_number = Some(value),
        }
    }

    pub(crate) fn verification(&self, kind: ContactKind) -> Option<&Verification> {
        match kind {
            ContactKind::EmailAddress => self.email_verification.as_ref(),
            ContactKind::PhoneNumber => self.phone_verification.as_ref(),
        }
    }

    pub(crate) fn verification_mut(&mut self, kind: ContactKind) -> &mut Option<Verification> {
        match kind {
            ContactKind::EmailAddress => &mut self.email_verification,
            ContactKind::PhoneNumber => &mut self.phone_verification,
        }
    }

    /// Returns the fields that are missing. If no identifier is required, any one of them is.
    pub(crate) fn missing_fields(&self, settings: &Settings) -> Vec<&'static str> {
        let is_given = |field: &str| match field {
            "email_address" => self.email_address.is_some(),
            "phone_number" => self.phone_number.is_some(),
            "username" => self.username.is_some(),
            "password" => self.password.is_some() || self.is_verified_by_provider(),
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

    pub(crate) fn unverified_fields(&self) -> Vec<&'static str> {
        let is_unverified = |kind: &ContactKind| {
            let verification = self.verification(*kind);
            self.contact(*kind).is_some() && !verification.is_some_and(|verification| verification.verified)
        };
        let kinds = ContactKind::ALL.into_iter();
        kinds.filter(is_unverified).map(ContactKind::name).collect()
    }
}

/// The status of a sign-up, as the API reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignUpStatus {
    MissingRequirements,
    Complete,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) id: String,
    pub(crate) status: SignInStatus,
    pub(crate) identifier: Option<String>,
    pub(crate) user_id: Option<String>,
    /// The contact that identifies nobody yet, if a sign-up may continue.
    #[serde(default)]
    pub(crate) new_contact: Option<Contact>,
    pub(crate) first_factor: Option<Verification>,
    pub(crate) second_factor: Option<Verification>,
    pub(crate) created_session_id: Option<String>,
    pub(crate) abandon_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SignInStatus {
    NeedsIdentifier,
    NeedsFirstFactor,
    NeedsSecondFactor,
    NeedsNewPassword,
    Complete,
}

impl SignIn {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            id: id::new("sia", now),
            status: SignInStatus::NeedsIdentifier,
            identifier: None,
            user_id: None,
            new_contact: None,
            first_factor: None,
            second_factor: None,
            created_session_id: None,
            abandon_at: now + DAY,
        }
    }
}
