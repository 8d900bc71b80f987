//! The roles and permissions that every instance has.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::Role,
    reply::Reply,
    view,
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    listed(call, Role::ALL.map(view::role).to_vec())
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    found(call, &Role::ALL.map(view::role), "organization role", "role_id")
}

pub(super) fn permissions(call: &mut Call<'_>) -> Result<Reply, Error> {
    listed(call, all_permissions())
}

pub(super) fn permission(call: &mut Call<'_>) -> Result<Reply, Error> {
    found(
        call,
        &all_permissions(),
        "organization permission",
        "permission_id",
    )
}

/// An admin has all there are.
fn all_permissions() -> Vec<Value> {
    match view::role(Role::Admin)["permissions"].take() {
        Value::Array(permissions) => permissions,
        _ => Vec::new(),
    }
}

fn listed(call: &Call<'_>, mut all: Vec<Value>) -> Result<Reply, Error> {
    all.retain(|one| {
        let fields = ["id", "name", "key"].map(|field| one[field].as_str().unwrap_or_default());
        call.query.finds("query", &fields)
    });
    Ok(call.paginated(&all))
}

fn found(call: &Call<'_>, all: &[Value], what: &str, name: &str) -> Result<Reply, Error> {
    let id = call.path(name);
    let one = all.iter().find(|one| one["id"] == id.as_str());
    Ok(Reply::json(one.ok_or_else(|| ApiError::not_found(what, &id))?))
}
