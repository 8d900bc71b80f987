//! The domains of an organization, and how they enroll users.

use serde::{Deserialize, Serialize};

use crate::id;

use super::{User, Verification};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Domain {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) enrollment_mode: EnrollmentMode,
    /// An address at the domain, which proves that the domain belongs to the organization.
    pub(crate) affiliation_email_address: Option<String>,
    pub(crate) affiliation: Option<Verification>,
    pub(crate) verified_at: Option<i64>,
    /// When a backend has said that the organization owns the domain.
    #[serde(default)]
    pub(crate) ownership_verified_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// What users with a verified address at the domain receive.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnrollmentMode {
    /// Nothing: admins invite them.
    ManualInvitation,
    AutomaticInvitation,
    /// The suggestion to request membership.
    AutomaticSuggestion,
}

impl EnrollmentMode {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "manual_invitation" => Some(Self::ManualInvitation),
            "automatic_invitation" => Some(Self::AutomaticInvitation),
            "automatic_suggestion" => Some(Self::AutomaticSuggestion),
            _ => None,
        }
    }
}

impl Domain {
    pub(crate) fn new(name: String, enrollment_mode: EnrollmentMode, now: i64) -> Self {
        Self {
            id: id::new("orgdmn", now),
            name,
            enrollment_mode,
            affiliation_email_address: None,
            affiliation: None,
            verified_at: None,
            ownership_verified_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn has(&self, email_address: &str) -> bool {
        email_address
            .rsplit_once('@')
            .is_some_and(|(_, domain)| domain == self.name)
    }

    /// Tells whether it offers anything to users.
    pub(crate) fn enrolls(&self) -> bool {
        self.verified_at.is_some() && self.enrollment_mode != EnrollmentMode::ManualInvitation
    }

    /// Returns the verified address of a user at the domain, if the domain is verified too.
    pub(crate) fn address_of<'a>(&self, user: &'a User) -> Option<&'a str> {
        self.verified_at?;
        let mut verified = user
            .email_addresses
            .iter()
            .filter(|contact| contact.is_verified());
        verified
            .find(|contact| self.has(&contact.value))
            .map(|contact| contact.value.as_str())
    }
}

/// A suggestion to join an organization. Accepting it makes it a request to the admins.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Suggestion {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) domain_id: String,
    pub(crate) status: SuggestionStatus,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SuggestionStatus {
    Pending,
    /// Accepted by the user; the admins have to decide.
    Accepted,
    /// Accepted by the admins.
    Completed,
    Rejected,
}

impl Suggestion {
    pub(crate) fn new(user_id: &str, domain_id: &str, now: i64) -> Self {
        Self {
            id: id::new("orgsug", now),
            user_id: user_id.to_owned(),
            domain_id: domain_id.to_owned(),
            status: SuggestionStatus::Pending,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn set_status(&mut self, status: SuggestionStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }

    /// Returns the id of the request, once the user has accepted the suggestion.
    pub(crate) fn request_id(&self) -> Option<String> {
        (self.status != SuggestionStatus::Pending).then(|| self.id.replacen("orgsug", "orgmemreq", 1))
    }
}
