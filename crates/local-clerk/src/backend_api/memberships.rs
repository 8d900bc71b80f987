//! Memberships of organizations, as a backend manages them.

use serde_json::{Value, json};

use crate::{
    domain::{Context, metadata::merge},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{ContactKind, Membership, Organization, User},
    store::links,
    view,
};

use super::user_query::admits;

pub(super) fn of_organization(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    let roles = request.query.list("role");
    let selects_users = request
        .query
        .only(&["limit", "offset", "order_by", "role"])
        .is_err();
    let mut found = Vec::new();
    for membership in &organization.memberships {
        if !roles.is_empty() && !roles.contains(&membership.role) {
            continue;
        }
        if selects_users {
            let user = cx.store.get::<User>(&membership.user_id)?;
            let is_admitted = user.map(|user| admits(cx, request, &user)).transpose()?;
            if is_admitted != Some(true) {
                continue;
            }
        }
        found.push((&organization, membership));
    }
    list(cx, request, found)
}

pub(super) fn of_user(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = super::users::find(cx, request)?;
    let organizations = cx.store.linked::<Organization>(&links::MEMBER, &[&user.id])?;
    let memberships = organizations
        .iter()
        .filter_map(|organization| Some((organization, organization.membership(&user.id)?)));
    list(cx, request, memberships.collect())
}

pub(super) fn of_everybody(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organizations = cx.store.all::<Organization>()?;
    let memberships = organizations.iter().flat_map(|organization| {
        organization
            .memberships
            .iter()
            .map(move |one| (organization, one))
    });
    list(cx, request, memberships.collect())
}

/// Replies with a page, newest first unless `order_by` says otherwise.
fn list(
    cx: &Context<'_>,
    request: &Request,
    mut memberships: Vec<(&Organization, &Membership)>,
) -> Result<Reply, Error> {
    let order = request.query.first("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => memberships.sort_by_key(|(_, membership)| membership.created_at),
        "updated_at" => memberships.sort_by_key(|(_, membership)| membership.updated_at),
        field @ ("first_name" | "last_name" | "username" | "email_address" | "phone_number") => {
            let mut named = Vec::new();
            for one in memberships {
                named.push((field_of(cx, one.1, field)?, one));
            }
            named.sort_by(|(one, _), (other, _)| one.cmp(other));
            memberships = named.into_iter().map(|(_, one)| one).collect();
        }
        _ => {
            let message = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", message).into());
        }
    }
    if order.starts_with('-') {
        memberships.reverse();
    }
    let page: Result<Vec<Value>, Error> = request
        .paginate(&memberships)
        .iter()
        .map(|(organization, membership)| json(cx, organization, membership))
        .collect();
    Ok(Reply::json(
        &json!({ "data": page?, "total_count": memberships.len() }),
    ))
}

/// Returns a field of the member, in lower case.
fn field_of(cx: &Context<'_>, membership: &Membership, field: &str) -> Result<Option<String>, Error> {
    let Some(user) = cx.store.get::<User>(&membership.user_id)? else {
        return Ok(None);
    };
    let first = |kind| user.contacts(kind).first().map(|contact| &contact.value);
    let value = match field {
        "first_name" => user.first_name.as_ref(),
        "last_name" => user.last_name.as_ref(),
        "username" => user.username.as_ref(),
        "email_address" => first(ContactKind::EmailAddress),
        _ => first(ContactKind::PhoneNumber),
    };
    Ok(value.map(|value| value.to_lowercase()))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let user_id = request.body.required("user_id")?;
    if cx.store.get::<User>(user_id)?.is_none() {
        return Err(ApiError::not_found("user", user_id).into());
    }
    if organization.membership(user_id).is_some() {
        let message = "The user is already a member of the organization.";
        return Err(ApiError::bad_request("already_a_member_in_organization", message).into());
    }
    let role = cx.role(request.body.required("role")?)?;
    organization.add_member(user_id, &role.key, cx.now);
    change(cx, &mut organization, user_id, |membership| {
        for (name, metadata) in membership.metadata() {
            *metadata = request.body.object(name)?.unwrap_or_default();
        }
        Ok(())
    })
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let role = cx.role(request.body.required("role")?)?;
    change(cx, &mut organization, &request.path("user_id"), |membership| {
        membership.role = role.key;
        Ok(())
    })
}

pub(super) fn update_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    change(cx, &mut organization, &request.path("user_id"), |membership| {
        for (name, metadata) in membership.metadata() {
            if let Some(patch) = request.body.object(name)? {
                merge(metadata, patch);
            }
        }
        Ok(())
    })
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let user_id = request.path("user_id");
    let json = organization
        .membership(&user_id)
        .map(|membership| json(cx, &organization, membership))
        .ok_or_else(|| not_found(&user_id))??;
    cx.remove_member(&mut organization, &user_id)?;
    Ok(Reply::json(&json))
}

fn change(
    cx: &Context<'_>,
    organization: &mut Organization,
    user_id: &str,
    change: impl FnOnce(&mut Membership) -> Result<(), ApiError>,
) -> Result<Reply, Error> {
    let membership = organization
        .membership_mut(user_id)
        .ok_or_else(|| not_found(user_id))?;
    change(membership)?;
    membership.updated_at = cx.now;
    let membership = membership.clone();
    cx.store.put(organization)?;
    Ok(Reply::json(&json(cx, organization, &membership)?))
}

fn json(cx: &Context<'_>, organization: &Organization, membership: &Membership) -> Result<Value, Error> {
    let mut json = view::membership(cx, organization, membership)?;
    json["private_metadata"] = Value::Object(membership.private_metadata.clone());
    Ok(json)
}

fn not_found(user_id: &str) -> ApiError {
    ApiError::not_found("organization membership of user", user_id)
}
