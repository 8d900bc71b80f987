//! Roles, permissions and role sets.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Permission, Role, RoleSet},
    store,
};

pub(crate) fn role(cx: &Context<'_>, role: &Role) -> Result<Value, store::Error> {
    let permissions = Permission::all(&cx.store)?;
    let granted = permissions.iter().filter(|one| role.grants(&one.key));
    Ok(json!({
        "object": "role",
        "id": role.id,
        "name": role.name,
        "key": role.key,
        "description": role.description.as_deref().unwrap_or_default(),
        "is_creator_eligible": role.is_creator_eligible(),
        "permissions": granted.map(permission).collect::<Vec<_>>(),
        "created_at": role.created_at,
        "updated_at": role.updated_at,
    }))
}

/// Renders all roles, oldest first.
pub(crate) fn roles(cx: &Context<'_>) -> Result<Vec<Value>, Error> {
    let roles = cx.store.all::<Role>()?;
    roles.iter().map(|one| Ok(role(cx, one)?)).collect()
}

pub(crate) fn permission(permission: &Permission) -> Value {
    json!({
        "object": "permission",
        "id": permission.id,
        "name": permission.name,
        "key": permission.key,
        "description": permission.description,
        "type": if permission.is_system() { "system" } else { "user" },
        "created_at": permission.created_at,
        "updated_at": permission.updated_at,
    })
}

pub(crate) fn role_set(cx: &Context<'_>, set: &RoleSet) -> Result<Value, Error> {
    let roles = cx.store.all::<Role>()?;
    let item = |role: &Role| {
        json!({
            "object": "role_set_item",
            "id": role.id,
            "name": role.name,
            "key": role.key,
            "description": role.description,
            "created_at": role.created_at,
            "updated_at": role.updated_at,
        })
    };
    let find = |key: &str| roles.iter().find(|role| role.key == key).map(item);
    Ok(json!({
        "object": "role_set",
        "id": RoleSet::ID,
        "name": set.name,
        "key": set.key,
        "description": set.description,
        "roles": roles.iter().map(item).collect::<Vec<_>>(),
        "default_role": find(&set.default_role),
        "creator_role": find(&set.creator_role),
        "type": "initial",
        "role_set_migration": null,
        "created_at": 0,
        "updated_at": set.updated_at,
    }))
}
