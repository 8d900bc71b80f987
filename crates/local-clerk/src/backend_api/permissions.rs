//! Permissions that roles grant: Clerk's own and custom ones.

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::Permission,
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let all = Permission::all(&cx.store)?;
    super::roles::listed(request, all.iter().map(view::permission).collect())
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let (name, key) = (body.required("name")?, body.required("key")?);
    let mut permission = Permission::new(key.to_owned(), name.to_owned(), cx.now);
    permission.description = body.filled("description").unwrap_or_default().to_owned();
    cx.add_permission(&permission)?;
    Ok(Reply::json(&view::permission(&permission)))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::permission(&find(cx, request)?)))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut permission, body) = (find_custom(cx, request)?, &request.body);
    if let Some(name) = body.filled("name") {
        name.clone_into(&mut permission.name);
    }
    if let Some(description) = body.change("description") {
        permission.description = description.unwrap_or_default();
    }
    cx.change_permission(&mut permission, body.filled("key"))?;
    Ok(Reply::json(&view::permission(&permission)))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let permission = find_custom(cx, request)?;
    cx.delete_permission(&permission)?;
    Ok(Reply::json(&view::deleted("permission", &permission.id)))
}

/// Returns the permission that the path identifies.
pub(super) fn find(cx: &Context<'_>, request: &Request) -> Result<Permission, Error> {
    let id = request.path("permission_id");
    let mut all = Permission::all(&cx.store)?.into_iter();
    let found = all.find(|permission| permission.id == id);
    Ok(found.ok_or_else(|| ApiError::not_found("organization permission", &id))?)
}

fn find_custom(cx: &Context<'_>, request: &Request) -> Result<Permission, Error> {
    let permission = find(cx, request)?;
    if permission.is_system() {
        return Err(ApiError::system_permission_not_modifiable().into());
    }
    Ok(permission)
}
