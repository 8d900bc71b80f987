//! Role sets, of which there is one.

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::RoleSet,
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let set = view::role_set(cx, &cx.role_set()?)?;
    super::roles::listed(request, vec![set])
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::role_set(cx, &find(cx, request)?)?))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut set, body) = (find(cx, request)?, &request.body);
    if let Some(name) = body.filled("name") {
        name.clone_into(&mut set.name);
    }
    if let Some(key) = body.filled("key") {
        if key.len() == "role_set:".len() || !key.starts_with("role_set:") {
            return Err(ApiError::invalid("key", "key must begin with role_set:").into());
        }
        key.clone_into(&mut set.key);
    }
    if let Some(description) = body.change("description") {
        set.description = description;
    }
    let role = |name| body.filled(name).map(|key| cx.role(key)).transpose();
    let (creator, default) = (role("creator_role_key")?, role("default_role_key")?);
    cx.change_role_set(set, creator, default)?;
    Ok(Reply::json(&view::role_set(cx, &cx.role_set()?)?))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<RoleSet, Error> {
    let (key, set) = (request.path("role_set_key_or_id"), cx.role_set()?);
    if key == RoleSet::ID || key == set.key {
        return Ok(set);
    }
    Err(ApiError::not_found("role set", &key).into())
}
