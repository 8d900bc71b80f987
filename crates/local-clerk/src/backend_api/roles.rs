//! Roles of members of organizations.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Permission, Role},
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    listed(request, view::roles(cx)?)
}

/// Replies with those of all roles, permissions or role sets that the query selects.
pub(super) fn listed(request: &Request, mut all: Vec<Value>) -> Result<Reply, Error> {
    let text = request.query.filled("query");
    all.retain(|one| {
        let fields = ["name", "key"].map(|field| one[field].as_str().unwrap_or_default());
        request.query.matches("query", &fields) || text.is_some_and(|text| one["id"] == text)
    });
    request.sort(&mut all, &["created_at", "name", "key"])?;
    Ok(request.paginated(&all))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    if body.flag("include_in_initial_role_set") == Some(false) {
        return Err(ApiError::not_on_this_machine("roles outside of the initial role set").into());
    }
    let (name, key) = (body.required("name")?, body.required("key")?);
    let mut role = Role::new(key.to_owned(), name.to_owned(), cx.now);
    role.description = body.filled("description").map(str::to_owned);
    role.permissions = permissions(cx, request)?;
    cx.add_role(&role)?;
    reply(cx, &role)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    reply(cx, &find(cx, request)?)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut role, body) = (find(cx, request)?, &request.body);
    if let Some(name) = body.filled("name") {
        name.clone_into(&mut role.name);
    }
    if let Some(description) = body.change("description") {
        role.description = description;
    }
    if body.has("permissions") {
        role.permissions = permissions(cx, request)?;
    }
    cx.change_role(&mut role, body.filled("key"))?;
    reply(cx, &role)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let role = find(cx, request)?;
    cx.delete_role(&role)?;
    Ok(Reply::json(&view::deleted("role", &role.id)))
}

pub(super) fn assign_permission(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut role, permission) = (find(cx, request)?, super::permissions::find(cx, request)?);
    if role.grants(&permission.key) {
        return Err(ApiError::permission_already_assigned().into());
    }
    role.permissions.push(permission.key);
    cx.change_role(&mut role, None)?;
    reply(cx, &role)
}

pub(super) fn remove_permission(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut role, permission) = (find(cx, request)?, super::permissions::find(cx, request)?);
    if !role.grants(&permission.key) {
        return Err(ApiError::permission_not_assigned().into());
    }
    role.permissions.retain(|key| *key != permission.key);
    cx.change_role(&mut role, None)?;
    reply(cx, &role)
}

/// Returns the keys of the permissions whose ids are in the body.
fn permissions(cx: &Context<'_>, request: &Request) -> Result<Vec<String>, Error> {
    let all = Permission::all(&cx.store)?;
    let mut keys = Vec::new();
    for id in request.body.list("permissions") {
        let permission = all.iter().find(|permission| permission.id == id);
        let permission = permission.ok_or_else(|| ApiError::not_found("organization permission", &id))?;
        if !keys.contains(&permission.key) {
            keys.push(permission.key.clone());
        }
    }
    Ok(keys)
}

fn find(cx: &Context<'_>, request: &Request) -> Result<Role, Error> {
    request.load(cx, "role_id", "organization role")
}

fn reply(cx: &Context<'_>, role: &Role) -> Result<Reply, Error> {
    Ok(Reply::json(&view::role(cx, role)?))
}
