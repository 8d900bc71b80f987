//! Invitations to the application, and the waitlist.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id, store::Document};

use super::InvitationStatus;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ApplicationInvitation {
    pub(crate) id: String,
    pub(crate) email_address: String,
    pub(crate) public_metadata: Map<String, Value>,
    pub(crate) status: InvitationStatus,
    /// The link in the message.
    pub(crate) url: String,
    pub(crate) expires_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for ApplicationInvitation {
    const KIND: &'static str = "invitation";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.email_address)
    }
}

impl ApplicationInvitation {
    pub(crate) fn is_pending(&self, now: i64) -> bool {
        self.status == InvitationStatus::Pending && self.expires_at > now
    }

    pub(crate) fn set_status(&mut self, status: InvitationStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }
}

/// The ticket in the link of an invitation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The ticket itself.
    pub(crate) token: String,
    pub(crate) source: TicketSource,
    /// Where the link leads; `None` for the app's own pages.
    pub(crate) redirect_url: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum TicketSource {
    Application {
        invitation_id: String,
    },
    Organization {
        organization_id: String,
        invitation_id: String,
    },
}

impl Document for Ticket {
    const KIND: &'static str = "ticket";
    fn id(&self) -> &str {
        &self.token
    }
}

/// An address that has requested an invitation.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WaitlistEntry {
    pub(crate) id: String,
    pub(crate) email_address: String,
    pub(crate) status: WaitlistStatus,
    pub(crate) invitation_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum WaitlistStatus {
    Pending,
    Invited,
    Rejected,
    /// Signed up.
    Completed,
}

impl Document for WaitlistEntry {
    const KIND: &'static str = "waitlist_entry";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.email_address)
    }
}

impl WaitlistEntry {
    pub(crate) fn new(email_address: String, now: i64) -> Self {
        Self {
            id: id::new("wle", now),
            email_address,
            status: WaitlistStatus::Pending,
            invitation_id: None,
            created_at: now,
            updated_at: now,
        }
    }
}
