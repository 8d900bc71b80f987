//! The default roles and permissions.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::Role,
    view,
};

pub(super) fn list(_cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    listed(request, Role::ALL.map(view::role).to_vec())
}

pub(super) fn get(_cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    found(
        request,
        &Role::ALL.map(view::role),
        "organization role",
        "role_id",
    )
}

pub(super) fn permissions(_cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    listed(request, all_permissions())
}

pub(super) fn permission(_cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    found(
        request,
        &all_permissions(),
        "organization permission",
        "permission_id",
    )
}

/// Returns all permissions, which are those of an admin.
fn all_permissions() -> Vec<Value> {
    match view::role(Role::Admin)["permissions"].take() {
        Value::Array(permissions) => permissions,
        _ => Vec::new(),
    }
}

fn listed(request: &Request, mut all: Vec<Value>) -> Result<Reply, Error> {
    all.retain(|one| {
        let fields = ["id", "name", "key"].map(|field| one[field].as_str().unwrap_or_default());
        request.query.matches("query", &fields)
    });
    // None is older than another.
    let order = request.query.first("order_by");
    if order.is_some_and(|order| !order.ends_with("created_at")) {
        request.sort(&mut all, &["created_at", "name", "key"])?;
    }
    Ok(request.paginated(&all))
}

fn found(request: &Request, all: &[Value], what: &str, name: &str) -> Result<Reply, Error> {
    let id = request.path(name);
    let one = all.iter().find(|one| one["id"] == id.as_str());
    Ok(Reply::json(one.ok_or_else(|| ApiError::not_found(what, &id))?))
}
