//! The roles of members of organizations, and the permissions that they grant.

use serde::{Deserialize, Serialize};

use crate::{
    id,
    store::{self, Document, Store},
};

pub(crate) const MANAGE_ORGANIZATION: &str = "org:sys_profile:manage";
pub(crate) const DELETE_ORGANIZATION: &str = "org:sys_profile:delete";
pub(crate) const READ_MEMBERS: &str = "org:sys_memberships:read";
pub(crate) const MANAGE_MEMBERS: &str = "org:sys_memberships:manage";
pub(crate) const READ_DOMAINS: &str = "org:sys_domains:read";
pub(crate) const MANAGE_DOMAINS: &str = "org:sys_domains:manage";
pub(crate) const READ_BILLING: &str = "org:sys_billing:read";
pub(crate) const MANAGE_BILLING: &str = "org:sys_billing:manage";
pub(crate) const READ_API_KEYS: &str = "org:sys_api_keys:read";
pub(crate) const MANAGE_API_KEYS: &str = "org:sys_api_keys:manage";

/// The start of the keys of Clerk's own permissions.
pub(crate) const SYSTEM_PREFIX: &str = "org:sys_";

/// Clerk's own permissions, with their names.
const SYSTEM_PERMISSIONS: [(&str, &str); 10] = [
    (MANAGE_ORGANIZATION, "Manage organization"),
    (DELETE_ORGANIZATION, "Delete organization"),
    (READ_MEMBERS, "Read members"),
    (MANAGE_MEMBERS, "Manage members"),
    (READ_DOMAINS, "Read domains"),
    (MANAGE_DOMAINS, "Manage domains"),
    (READ_BILLING, "Read billing"),
    (MANAGE_BILLING, "Manage billing"),
    (READ_API_KEYS, "Read API keys"),
    (MANAGE_API_KEYS, "Manage API keys"),
];

/// What a role has to grant to be that of an organization's creator.
pub(crate) const CREATOR_PERMISSIONS: [&str; 3] = [MANAGE_MEMBERS, READ_MEMBERS, DELETE_ORGANIZATION];

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The keys of the permissions that it grants.
    pub(crate) permissions: Vec<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for Role {
    const KIND: &'static str = "role";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.key)
    }
}

impl Role {
    pub(crate) const ADMIN: &str = "org:admin";
    pub(crate) const MEMBER: &str = "org:member";
    /// How many roles an instance may have.
    pub(crate) const MAX: usize = 10;

    pub(crate) fn new(key: String, name: String, now: i64) -> Self {
        Self {
            id: id::new("role", now),
            key,
            name,
            description: None,
            permissions: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// The roles that a new instance has.
    pub(crate) fn defaults() -> [Self; 2] {
        let role = |name: &str, key: &str, permissions: Vec<&str>| Self {
            id: format!("role_local_{}", name.to_lowercase()),
            permissions: permissions.into_iter().map(str::to_owned).collect(),
            ..Self::new(key.to_owned(), name.to_owned(), 0)
        };
        let all = SYSTEM_PERMISSIONS.into_iter().map(|(key, _)| key);
        [
            role("Member", Self::MEMBER, vec![READ_MEMBERS, READ_BILLING]),
            role("Admin", Self::ADMIN, all.collect()),
        ]
    }

    /// Stores the default roles if there are none, as in data of earlier versions.
    pub(crate) fn complete(store: &Store<'_>) -> Result<(), store::Error> {
        if store.count::<Self>()? == 0 {
            for role in Self::defaults() {
                store.put(&role)?;
            }
        }
        Ok(())
    }

    pub(crate) fn find(store: &Store<'_>, key: &str) -> Result<Option<Self>, store::Error> {
        Ok(store.of(key)?.pop())
    }

    pub(crate) fn grants(&self, permission: &str) -> bool {
        self.permissions.iter().any(|granted| granted == permission)
    }

    pub(crate) fn is_creator_eligible(&self) -> bool {
        CREATOR_PERMISSIONS
            .iter()
            .all(|permission| self.grants(permission))
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) id: String,
    /// `org:`, a feature, `:` and an action.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for Permission {
    const KIND: &'static str = "permission";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.key)
    }
}

impl Permission {
    /// How many custom permissions an instance may have.
    pub(crate) const MAX: usize = 50;

    pub(crate) fn new(key: String, name: String, now: i64) -> Self {
        Self {
            id: id::new("perm", now),
            key,
            name,
            description: String::new(),
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn system() -> impl Iterator<Item = Self> {
        SYSTEM_PERMISSIONS.into_iter().map(|(key, name)| Self {
            id: format!("perm_local_{}", key.replace(':', "_")),
            ..Self::new(key.to_owned(), name.to_owned(), 0)
        })
    }

    /// Returns the system permissions and then the custom ones.
    pub(crate) fn all(store: &Store<'_>) -> Result<Vec<Self>, store::Error> {
        let custom = store.all::<Self>()?;
        Ok(Self::system().chain(custom).collect())
    }

    pub(crate) fn is_system(&self) -> bool {
        self.key.starts_with(SYSTEM_PREFIX)
    }
}

/// The roles that organizations choose from. There is one set, with all roles.
#[derive(Serialize, Deserialize)]
pub(crate) struct RoleSet {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// The key of the role of an organization's creator.
    pub(crate) creator_role: String,
    /// The key of the role of members whom nobody has given another one.
    pub(crate) default_role: String,
    pub(crate) updated_at: i64,
}

impl RoleSet {
    pub(crate) const ID: &str = "role_set_local_default";
}

impl Default for RoleSet {
    fn default() -> Self {
        Self {
            key: "role_set:default".to_owned(),
            name: "Default role set".to_owned(),
            description: None,
            creator_role: Role::ADMIN.to_owned(),
            default_role: Role::MEMBER.to_owned(),
            updated_at: 0,
        }
    }
}

impl Document for RoleSet {
    const KIND: &'static str = "role_set";
    fn id(&self) -> &str {
        Self::ID
    }
}
