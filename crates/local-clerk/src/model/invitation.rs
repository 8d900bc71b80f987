//! Invitations to the application, and who waits for one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::{id, store::Document},
    InvitationStatus,
};

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct ApplicationInvitation {
    pub(in super::super) id: String,
    pub(in super::super) email_address: String,
    pub(in super::super) public_metadata: Map<String, Value>,
    pub(in super::super) status: InvitationStatus,
    /// Its link.
    pub(in super::super) url: String,
    pub(in super::super) expires_at: i64,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
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
    pub(in super::super) fn is_pending(&self, now: i64) -> bool {
        self.status == InvitationStatus::Pending && self.expires_at > now
    }

    pub(in super::super) fn settle(&mut self, status: InvitationStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }
}

/// What the link of an invitation carries.
#[derive(Serialize, Deserialize)]
pub(in super::super) struct Ticket {
    /// The ticket itself.
    pub(in super::super) token: String,
    pub(in super::super) source: TicketSource,
    /// Where the link leads; none for the app's own pages.
    pub(in super::super) redirect_url: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) enum TicketSource {
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

/// Somebody who has asked to be invited.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct WaitlistEntry {
    pub(in super::super) id: String,
    pub(in super::super) email_address: String,
    pub(in super::super) status: WaitlistStatus,
    pub(in super::super) invitation_id: Option<String>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum WaitlistStatus {
    Pending,
    Invited,
    Rejected,
    /// Has signed up.
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
    pub(in super::super) fn new(email_address: String, now: i64) -> Self {
        Self {
            id: id::new("wle"),
            email_address,
            status: WaitlistStatus::Pending,
            invitation_id: None,
            created_at: now,
            updated_at: now,
        }
    }
}
