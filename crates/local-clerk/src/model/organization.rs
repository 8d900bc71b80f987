//! Organizations, with their members and whom they have invited.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::{id, store::Document},
    DAY, Domain, Suggestion,
};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in super::super) struct Organization {
    pub(in super::super) id: String,
    pub(in super::super) name: String,
    pub(in super::super) slug: String,
    pub(in super::super) image_id: Option<String>,
    pub(in super::super) public_metadata: Map<String, Value>,
    pub(in super::super) private_metadata: Map<String, Value>,
    pub(in super::super) created_by: Option<String>,
    /// If it is not [`Self::MAX_MEMBERS`]; nought is without a limit.
    pub(in super::super) max_memberships: Option<usize>,
    pub(in super::super) admin_delete_disabled: bool,
    pub(in super::super) memberships: Vec<Membership>,
    pub(in super::super) invitations: Vec<Invitation>,
    pub(in super::super) domains: Vec<Domain>,
    pub(in super::super) suggestions: Vec<Suggestion>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
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
    /// Members and pending invitations that it may have.
    pub(in super::super) const MAX_MEMBERS: usize = 25;

    pub(in super::super) fn new(name: String, slug: String, now: i64) -> Self {
        Self {
            id: id::new("org"),
            name,
            slug,
            created_at: now,
            updated_at: now,
            ..Self::default()
        }
    }

    pub(in super::super) fn membership(&self, user_id: &str) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.user_id == user_id)
    }

    pub(in super::super) fn membership_mut(&mut self, user_id: &str) -> Option<&mut Membership> {
        self.memberships
            .iter_mut()
            .find(|membership| membership.user_id == user_id)
    }

    pub(in super::super) fn add_member(&mut self, user_id: &str, role: Role, now: i64) {
        self.memberships.push(Membership {
            id: id::new("orgmem"),
            user_id: user_id.to_owned(),
            role,
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            created_at: now,
            updated_at: now,
        });
        self.updated_at = now;
    }

    pub(in super::super) fn pending_invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitations
            .iter()
            .filter(|invitation| invitation.status == InvitationStatus::Pending)
    }

    pub(in super::super) fn invitation_mut(&mut self, id: &str) -> Option<&mut Invitation> {
        self.invitations.iter_mut().find(|invitation| invitation.id == id)
    }

    pub(in super::super) fn max_memberships(&self) -> usize {
        self.max_memberships.unwrap_or(Self::MAX_MEMBERS)
    }

    pub(in super::super) fn is_full(&self) -> bool {
        let most = self.max_memberships();
        most > 0 && self.memberships.len() + self.pending_invitations().count() >= most
    }

    /// Would it be without an admin if this member were none?
    pub(in super::super) fn is_last_admin(&self, user_id: &str) -> bool {
        !self
            .memberships
            .iter()
            .any(|membership| membership.role == Role::Admin && membership.user_id != user_id)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Membership {
    pub(in super::super) id: String,
    pub(in super::super) user_id: String,
    pub(in super::super) role: Role,
    pub(in super::super) public_metadata: Map<String, Value>,
    #[serde(default)]
    pub(in super::super) private_metadata: Map<String, Value>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

impl Membership {
    /// Both kinds, with their names.
    pub(in super::super) fn metadata(&mut self) -> [(&'static str, &mut Map<String, Value>); 2] {
        [
            ("public_metadata", &mut self.public_metadata),
            ("private_metadata", &mut self.private_metadata),
        ]
    }
}

/// The two roles that every Clerk instance begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) enum Role {
    #[serde(rename = "org:admin")]
    Admin,
    #[serde(rename = "org:member")]
    Member,
}

impl Role {
    pub(in super::super) const ALL: [Self; 2] = [Self::Admin, Self::Member];

    pub(in super::super) fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    pub(in super::super) const fn key(self) -> &'static str {
        match self {
            Self::Admin => "org:admin",
            Self::Member => "org:member",
        }
    }

    pub(in super::super) const fn name(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Member => "Member",
        }
    }

    pub(in super::super) const fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Admin => &[
                "org:sys_profile:manage",
                "org:sys_profile:delete",
                "org:sys_memberships:read",
                "org:sys_memberships:manage",
                "org:sys_domains:read",
                "org:sys_domains:manage",
                "org:sys_billing:read",
                "org:sys_billing:manage",
            ],
            Self::Member => &["org:sys_memberships:read", "org:sys_billing:read"],
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Invitation {
    pub(in super::super) id: String,
    pub(in super::super) email_address: String,
    pub(in super::super) role: Role,
    pub(in super::super) status: InvitationStatus,
    /// The member who sent it.
    #[serde(default)]
    pub(in super::super) inviter_id: Option<String>,
    /// The domain that it came by, if nobody sent it.
    #[serde(default)]
    pub(in super::super) domain_id: Option<String>,
    /// Its link.
    #[serde(default)]
    pub(in super::super) url: Option<String>,
    #[serde(default)]
    pub(in super::super) public_metadata: Map<String, Value>,
    #[serde(default)]
    pub(in super::super) private_metadata: Map<String, Value>,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
    pub(in super::super) expires_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum InvitationStatus {
    Pending,
    Accepted,
    Revoked,
}

impl Invitation {
    pub(in super::super) fn new(email_address: String, role: Role, now: i64) -> Self {
        Self {
            id: id::new("orginv"),
            email_address,
            role,
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

    pub(in super::super) fn settle(&mut self, status: InvitationStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }
}
