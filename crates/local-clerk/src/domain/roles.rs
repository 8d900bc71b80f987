//! The roles of members of organizations, and the permissions that they grant.

use crate::{
    error::{ApiError, Error},
    model::{CREATOR_PERMISSIONS, InvitationStatus, Organization, Permission, Role, RoleSet, SYSTEM_PREFIX},
};

use super::Context;

/// Checks the key of a new role, such as `org:editor`.
pub(crate) fn check_role_key(key: &str) -> Result<(), ApiError> {
    if key.strip_prefix("org:").is_some_and(is_segment) {
        return Ok(());
    }
    let message = "key must be org: and lowercase letters, digits and underscores.";
    Err(ApiError::invalid("key", message))
}

/// Checks the key of a new permission, such as `org:invoices:create`.
pub(crate) fn check_permission_key(key: &str) -> Result<(), ApiError> {
    let segments = key.strip_prefix("org:").and_then(|rest| rest.split_once(':'));
    if key.starts_with(SYSTEM_PREFIX) {
        let message =
            format!("key must not begin with {SYSTEM_PREFIX}, as the keys of system permissions do.");
        return Err(ApiError::invalid("key", message));
    }
    if segments.is_some_and(|(feature, action)| is_segment(feature) && is_segment(action)) {
        return Ok(());
    }
    let message =
        "key must be org:, a feature, : and an action, both of lowercase letters, digits and underscores.";
    Err(ApiError::invalid("key", message))
}

fn is_segment(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.bytes().all(is_allowed)
}

impl Context<'_> {
    pub(crate) fn role_set(&self) -> Result<RoleSet, Error> {
        Ok(self.store.get(RoleSet::ID)?.unwrap_or_default())
    }

    /// Returns a role by its key.
    pub(crate) fn role(&self, key: &str) -> Result<Role, Error> {
        let role = Role::find(&self.store, key)?;
        Ok(role.ok_or_else(|| ApiError::not_found("organization role", key))?)
    }

    /// Stores a new role.
    pub(crate) fn add_role(&self, role: &Role) -> Result<(), Error> {
        check_role_key(&role.key)?;
        self.check_role_key_is_free(&role.key)?;
        if self.store.all::<Role>()?.len() >= Role::MAX {
            let code = "organization_instance_roles_quota_exceeded";
            return Err(ApiError::quota_exceeded(code, Role::MAX, "organization roles").into());
        }
        Ok(self.store.put(role)?)
    }

    fn check_role_key_is_free(&self, key: &str) -> Result<(), Error> {
        match Role::find(&self.store, key)? {
            Some(_) => Err(ApiError::identifier_exists("key").into()),
            None => Ok(()),
        }
    }

    /// Stores a changed role, under another key if one is given.
    pub(crate) fn change_role(&self, role: &mut Role, key: Option<&str>) -> Result<(), Error> {
        let mut set = self.role_set()?;
        if set.creator_role == role.key {
            check_creator_role(role)?;
        }
        if let Some(key) = key.filter(|key| *key != role.key) {
            check_role_key(key)?;
            self.check_role_key_is_free(key)?;
            for used in [&mut set.creator_role, &mut set.default_role] {
                if *used == role.key {
                    key.clone_into(used);
                }
            }
            self.store.put(&set)?;
            self.rename_role(&role.key, key)?;
            key.clone_into(&mut role.key);
        }
        role.updated_at = self.now;
        Ok(self.store.put(role)?)
    }

    /// Renames a role in all organizations.
    fn rename_role(&self, old: &str, new: &str) -> Result<(), Error> {
        for mut organization in self.store.all::<Organization>()? {
            let memberships = organization.memberships.iter_mut().map(|one| &mut one.role);
            let invitations = organization.invitations.iter_mut().map(|one| &mut one.role);
            let mut is_used = false;
            for role in memberships.chain(invitations).filter(|role| *role == old) {
                new.clone_into(role);
                is_used = true;
            }
            if is_used {
                self.store.put(&organization)?;
            }
        }
        Ok(())
    }

    /// Deletes a role that is not in use.
    pub(crate) fn delete_role(&self, role: &Role) -> Result<(), Error> {
        let set = self.role_set()?;
        let organizations = self.store.all::<Organization>()?;
        let mut memberships = organizations.iter().flat_map(|one| &one.memberships);
        let mut invitations = organizations.iter().flat_map(|one| &one.invitations);
        let use_of = if set.creator_role == role.key {
            Some((
                "organization_role_default_creator_role",
                "The organization role cannot be deleted as it is currently used as the creator role.",
            ))
        } else if set.default_role == role.key {
            Some((
                "organization_role_domain_default_role",
                "The organization role cannot be deleted as it is currently used as the default domain role.",
            ))
        } else if memberships.any(|one| one.role == role.key) {
            Some((
                "organization_role_assigned_members",
                "The organization role is currently assigned to one or more organization members.",
            ))
        } else if invitations.any(|one| one.role == role.key && one.status == InvitationStatus::Pending) {
            Some((
                "organization_role_exists_in_invitations",
                "The organization role exists in one or more pending organization invitations. Please revoke these \
                 invitations to proceed.",
            ))
        } else {
            None
        };
        if let Some((code, message)) = use_of {
            return Err(ApiError::unprocessable(code, message).into());
        }
        Ok(self.store.delete::<Role>(&role.id)?)
    }

    /// Stores the role set with other roles for creators and for new members, as far as they are given.
    pub(crate) fn change_role_set(
        &self,
        mut set: RoleSet,
        creator: Option<Role>,
        default: Option<Role>,
    ) -> Result<(), Error> {
        if let Some(role) = creator {
            check_creator_role(&role)?;
            set.creator_role = role.key;
        }
        if let Some(role) = default {
            set.default_role = role.key;
        }
        set.updated_at = self.now;
        Ok(self.store.put(&set)?)
    }

    /// Stores a new permission.
    pub(crate) fn add_permission(&self, permission: &Permission) -> Result<(), Error> {
        check_permission_key(&permission.key)?;
        self.check_permission_key_is_free(&permission.key)?;
        if self.store.all::<Permission>()?.len() >= Permission::MAX {
            let code = "organization_instance_permissions_quota_exceeded";
            return Err(ApiError::quota_exceeded(code, Permission::MAX, "organization permissions").into());
        }
        Ok(self.store.put(permission)?)
    }

    fn check_permission_key_is_free(&self, key: &str) -> Result<(), Error> {
        match self.store.of::<Permission>(key)?.is_empty() {
            true => Ok(()),
            false => Err(ApiError::identifier_exists("key").into()),
        }
    }

    /// Stores a changed permission, under another key if one is given.
    pub(crate) fn change_permission(
        &self,
        permission: &mut Permission,
        key: Option<&str>,
    ) -> Result<(), Error> {
        if let Some(key) = key.filter(|key| *key != permission.key) {
            check_permission_key(key)?;
            self.check_permission_key_is_free(key)?;
            self.replace_permission(&permission.key, Some(key))?;
            key.clone_into(&mut permission.key);
        }
        permission.updated_at = self.now;
        Ok(self.store.put(permission)?)
    }

    pub(crate) fn delete_permission(&self, permission: &Permission) -> Result<(), Error> {
        self.replace_permission(&permission.key, None)?;
        Ok(self.store.delete::<Permission>(&permission.id)?)
    }

    /// Replaces a permission in all roles, or removes it from them.
    fn replace_permission(&self, old: &str, new: Option<&str>) -> Result<(), Error> {
        for mut role in self.store.all::<Role>()? {
            let Some(place) = role.permissions.iter().position(|key| key == old) else {
                continue;
            };
            match new {
                Some(new) => new.clone_into(&mut role.permissions[place]),
                None => drop(role.permissions.remove(place)),
            }
            role.updated_at = self.now;
            self.store.put(&role)?;
        }
        Ok(())
    }
}

/// Fails if a role does not grant what that of an organization's creator has to.
fn check_creator_role(role: &Role) -> Result<(), ApiError> {
    if role.is_creator_eligible() {
        return Ok(());
    }
    let message = format!(
        "The creator role must contain the following permissions: {}",
        CREATOR_PERMISSIONS.join(", ")
    );
    Err(ApiError::unprocessable(
        "organization_missing_creator_role_permissions",
        message,
    ))
}
