//! Organizations, their members and their invitations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id, store::Document};

use super::{DAY, Domain, Suggestion};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) image_id: Option<String>,
    pub(crate) public_metadata: Map<String, Value>,
    pub(crate) private_metadata: Map<String, Value>,
    pub(crate) created_by: Option<String>,
    /// Overrides [`Self::MAX_MEMBERS`]; zero means unlimited.
    pub(crate) max_memberships: Option<usize>,
    pub(crate) admin_delete_disabled: bool,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) invitations: Vec<Invitation>,
    pub(crate) domains: Vec<Domain>,
    pub(crate) suggestions: Vec<Suggestion>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for Organization {
    const KIND: &'static str = "organization";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.slug)
    }
}

impl Organization {
    /// How many members and pending invitations an organization may have by default.
    pub(crate) const MAX_MEMBERS: usize = 25;

    pub(crate) fn new(name: String, slug: String, now: i64) -> Self {
        Self {
            id: id::new("org", now),
            name,
            slug,
            created_at: now,
            updated_at: now,
            ..Self::default()
        }
    }

    pub(crate) fn membership(&self, user_id: &str) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.user_id == user_id)
    }

    pub(crate) fn membership_mut(&mut self, user_id: &str) -> Option<&mut Membership> {
        self.memberships
            .iter_mut()
            .find(|membership| membership.user_id == user_id)
    }

    pub(crate) fn add_member(&mut self, user_id: &str, role: &str, now: i64) {
        self.memberships.push(Membership {
            id: id::new("orgmem", now),
            user_id: user_id.to_owned(),
            role: role.to_owned(),
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            created_at: now,
            updated_at: now,
        });
        self.updated_at = now;
    }

    pub(crate) fn pending_invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitations
            .iter()
            .filter(|invitation| invitation.status == InvitationStatus::Pending)
    }

    pub(crate) fn invitation_mut(&mut self, id: &str) -> Option<&mut Invitation> {
        self.invitations.iter_mut().find(|invitation| invitation.id == id)
    }

    pub(crate) fn max_memberships(&self) -> usize {
        self.max_memberships.unwrap_or(Self::MAX_MEMBERS)
    }

    pub(crate) fn is_full(&self) -> bool {
        let most = self.max_memberships();
        most > 0 && self.memberships.len() + self.pending_invitations().count() >= most
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// The key of the role.
    pub(crate) role: String,
    pub(crate) public_metadata: Map<String, Value>,
    #[serde(default)]
    pub(crate) private_metadata: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Membership {
    /// Returns both kinds of metadata with their names.
    pub(crate) fn metadata(&mut self) -> [(&'static str, &mut Map<String, Value>); 2] {
        [
            ("public_metadata", &mut self.public_metadata),
            ("private_metadata", &mut self.private_metadata),
        ]
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) email_address: String,
    /// The key of the role.
    pub(crate) role: String,
    pub(crate) status: InvitationStatus,
    /// The member who sent it.
    #[serde(default)]
    pub(crate) inviter_id: Option<String>,
    /// The domain that caused the invitation, if no member sent it.
    #[serde(default)]
    pub(crate) domain_id: Option<String>,
    /// The link in the message.
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) public_metadata: Map<String, Value>,
    #[serde(default)]
    pub(crate) private_metadata: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) expires_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InvitationStatus {
    Pending,
    Accepted,
    Revoked,
    /// Pending but past its expiry; computed, never stored.
    Expired,
}

impl InvitationStatus {
    /// Returns the status at a time, which is `Expired` for a pending invitation past its expiry.
    pub(crate) fn at(self, now: i64, expires_at: i64) -> Self {
        match self {
            Self::Pending if expires_at <= now => Self::Expired,
            status => status,
        }
    }
}

impl Invitation {
    pub(crate) fn new(email_address: String, role: &str, now: i64) -> Self {
        Self {
            id: id::new("orginv", now),
            email_address,
            role: role.to_owned(),
            status: InvitationStatus::Pending,
            inviter_id: None,
            domain_id: None,
            url: None,
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            created_at: now,
            updated_at: now,
            expires_at: now + 30 * DAY,
        }
    }

    pub(crate) fn set_status(&mut self, status: InvitationStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }
}
