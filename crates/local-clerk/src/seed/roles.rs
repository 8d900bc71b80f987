//! The roles and permissions of a seed.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::{
    domain::roles::{check_permission_key, check_role_key},
    model::{self, SYSTEM_PREFIX},
    store::{self, Store},
};

use super::{
    Organization, Seed,
    check::{Checked, accepted, check_unique, mistake},
    present::Present,
};

impl Seed {
    pub(super) fn check_permissions(&self, present: &Present) -> Checked {
        let mut keys = BTreeSet::new();
        for permission in &self.permissions {
            let (place, key) = (&permission.key, permission.key.as_ref());
            accepted(place, "permissions.key", check_permission_key(key))?;
            let is_present = present.permissions.contains(key);
            check_unique(is_present, &mut keys, place, key.clone(), "permissions.key")?;
            if present.permissions.len() + keys.len() > model::Permission::MAX {
                let message = format!("permissions: there can be {} at most", model::Permission::MAX);
                return mistake(place, message);
            }
        }
        Ok(())
    }

    pub(super) fn check_roles(&self, present: &Present) -> Checked {
        let mut keys = BTreeSet::new();
        for role in &self.roles {
            let (place, key) = (&role.key, role.key.as_ref());
            accepted(place, "roles.key", check_role_key(key))?;
            let is_present = present.roles.iter().any(|known| known.key == *key);
            check_unique(is_present, &mut keys, place, key.clone(), "roles.key")?;
            for permission in &role.permissions {
                if !self.has_permission(present, permission.as_ref()) {
                    let key = permission.as_ref();
                    let message = format!("roles.permissions: {key:?} is not in [[permissions]]");
                    return mistake(permission, message);
                }
            }
        }
        let roles = self.all_roles(present, 0);
        if let Some(role) = self.roles.last()
            && roles.len() > model::Role::MAX
        {
            let message = format!("roles: there can be {} at most", model::Role::MAX);
            return mistake(&role.key, message);
        }
        let mut admin = roles.iter().filter(|role| role.key == model::Role::ADMIN);
        let changed = self
            .roles
            .iter()
            .find(|role| role.key.as_ref() == model::Role::ADMIN);
        if let Some(place) = changed
            && !admin.any(model::Role::is_creator_eligible)
        {
            let needed = model::CREATOR_PERMISSIONS.join(", ");
            let message =
                format!("roles.permissions: creators of organizations get this role, so it needs {needed}");
            return mistake(&place.key, message);
        }
        Ok(())
    }

    fn has_permission(&self, present: &Present, key: &str) -> bool {
        let mut own = self.permissions.iter();
        let is_system =
            key.starts_with(SYSTEM_PREFIX) && model::Permission::system().any(|one| one.key == key);
        is_system || present.permissions.contains(key) || own.any(|permission| permission.key.as_ref() == key)
    }

    pub(super) fn check_member_roles(&self, organization: &Organization, present: &Present) -> Checked {
        let roles = self.all_roles(present, 0);
        let find = |key: &Spanned<String>| roles.iter().find(|role| role.key == *key.as_ref());
        let members = &organization.members;
        if let Some(member) = members.iter().find(|member| find(&member.role).is_none()) {
            let key = member.role.as_ref();
            let message = format!("organizations.members.role: there is no role {key:?}");
            return mistake(&member.role, message);
        }
        let is_manager = |key| find(key).is_some_and(model::Role::is_creator_eligible);
        if members.iter().any(|member| is_manager(&member.role)) {
            return Ok(());
        }
        let message = "organizations.members: an organization needs an org:admin, or a member of another role that can \
                       manage its members and delete it";
        mistake(&organization.name, message)
    }

    /// The roles that there are with this seed. It may give a default role another name and other permissions.
    fn all_roles(&self, present: &Present, now: i64) -> Vec<model::Role> {
        let mut roles = present.roles.clone();
        if roles.is_empty() {
            roles.extend(model::Role::defaults());
        }
        for seed in &self.roles {
            let new = model::Role::new(seed.key.as_ref().clone(), seed.name.clone(), now);
            let known = roles.iter_mut().find(|role| role.key == new.key);
            let permissions = seed.permissions.iter().map(|key| key.as_ref().clone()).collect();
            let id = known.as_ref().map_or(new.id, |known| known.id.clone());
            let role = model::Role {
                id,
                description: seed.description.clone(),
                permissions,
                ..new
            };
            match known {
                Some(known) => *known = role,
                None => roles.push(role),
            }
        }
        roles
    }

    /// Stores the permissions and the roles.
    pub(super) fn add_roles(
        &self,
        store: &Store<'_>,
        present: &Present,
        now: i64,
    ) -> Result<(), store::Error> {
        for seed in &self.permissions {
            let permission = model::Permission::new(seed.key.as_ref().clone(), seed.name.clone(), now);
            store.put(&model::Permission {
                description: seed.description.clone(),
                ..permission
            })?;
        }
        for role in self.all_roles(present, now) {
            store.put(&role)?;
        }
        Ok(())
    }
}
