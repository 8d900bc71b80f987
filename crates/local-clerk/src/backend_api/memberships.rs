//! Who is a member of which organization, as a backend handles it.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        frontend_api::merge,
        model::{Membership, Organization, User},
        reply::Reply,
    },
    user_query::admits,
};

pub(super) fn of_organization(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let roles = call.query.list("role");
    let mut found = Vec::new();
    for membership in &organization.memberships {
        let Some(user) = call.store.get::<User>(&membership.user_id)? else {
            continue;
        };
        let has_role = roles.is_empty() || roles.iter().any(|role| role == membership.role.key());
        if has_role && admits(call, &user)? {
            found.push((&organization, membership));
        }
    }
    list(call, found)
}

pub(super) fn of_user(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = super::users::named(call)?;
    let organizations = call.store.all::<Organization>()?;
    let memberships = organizations
        .iter()
        .filter_map(|organization| Some((organization, organization.membership(&user.id)?)));
    list(call, memberships.collect())
}

pub(super) fn of_everybody(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organizations = call.store.all::<Organization>()?;
    let memberships = organizations.iter().flat_map(|organization| {
        organization
            .memberships
            .iter()
            .map(move |one| (organization, one))
    });
    list(call, memberships.collect())
}

/// A page, the newest first unless `order_by` says otherwise.
fn list(call: &Call<'_>, mut memberships: Vec<(&Organization, &Membership)>) -> Result<Reply, Error> {
    let order = call.query.filled("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => memberships.sort_by_key(|(_, membership)| membership.created_at),
        "updated_at" => memberships.sort_by_key(|(_, membership)| membership.updated_at),
        _ => {
            let why = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", why).into());
        }
    }
    if order.starts_with('-') {
        memberships.reverse();
    }
    let all: Result<Vec<Value>, Error> = memberships
        .into_iter()
        .map(|(organization, membership)| json(call, organization, membership))
        .collect();
    Ok(call.paginated(&all?))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let user_id = call.body.required("user_id")?;
    if call.store.get::<User>(user_id)?.is_none() {
        return Err(ApiError::not_found("user", user_id).into());
    }
    if organization.membership(user_id).is_some() {
        let why = "The user is a member of the organization already.";
        return Err(ApiError::bad_request("already_a_member_in_organization", why).into());
    }
    organization.add_member(user_id, call.role()?, call.now);
    change(call, &mut organization, user_id, |membership| {
        for (name, metadata) in membership.metadata() {
            *metadata = call.body.object(name)?.unwrap_or_default();
        }
        Ok(())
    })
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let role = call.role()?;
    change(call, &mut organization, &call.path("user_id"), |membership| {
        membership.role = role;
        Ok(())
    })
}

pub(super) fn update_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    change(call, &mut organization, &call.path("user_id"), |membership| {
        for (name, metadata) in membership.metadata() {
            if let Some(patch) = call.body.object(name)? {
                merge(metadata, patch);
            }
        }
        Ok(())
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let user_id = call.path("user_id");
    let json = organization
        .membership(&user_id)
        .map(|membership| json(call, &organization, membership))
        .ok_or_else(|| not_found(&user_id))??;
    call.remove_member(&mut organization, &user_id)?;
    Ok(Reply::json(&json))
}

fn change(
    call: &Call<'_>,
    organization: &mut Organization,
    user_id: &str,
    change: impl FnOnce(&mut Membership) -> Result<(), ApiError>,
) -> Result<Reply, Error> {
    let membership = organization
        .membership_mut(user_id)
        .ok_or_else(|| not_found(user_id))?;
    change(membership)?;
    membership.updated_at = call.now;
    let membership = membership.clone();
    call.store.put(organization)?;
    Ok(Reply::json(&json(call, organization, &membership)?))
}

fn json(call: &Call<'_>, organization: &Organization, membership: &Membership) -> Result<Value, Error> {
    let mut json = call.membership_json(organization, membership)?;
    json["private_metadata"] = Value::Object(membership.private_metadata.clone());
    Ok(json)
}

fn not_found(user_id: &str) -> ApiError {
    ApiError::not_found("organization membership of user", user_id)
}
