//! Organizations, as a backend handles them.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::merge,
    model::{Organization, User},
    reply::Reply,
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let text = call.query.filled("query").map(str::to_lowercase);
    let organizations: Vec<Value> = call
        .store
        .all::<Organization>()?
        .iter()
        .rev()
        .filter(|organization| {
            text.as_ref().is_none_or(|text| {
                [&organization.id, &organization.name, &organization.slug]
                    .into_iter()
                    .any(|field| field.to_lowercase().contains(text))
            })
        })
        .map(|organization| call.backend_organization_json(organization))
        .collect();
    answer_with_page(call, &organizations)
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let creator = call.body.required("created_by")?;
    let creator = call
        .store
        .get::<User>(creator)?
        .ok_or_else(|| ApiError::not_found("user", creator))?;
    let mut organization = call.create_organization(&creator)?;
    set_metadata(call, &mut organization)?;
    keep(call, &organization)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    Ok(Reply::json(&call.backend_organization_json(&organization)))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    call.change_organization(&mut organization)?;
    set_metadata(call, &mut organization)?;
    keep(call, &organization)
}

pub(super) fn update_metadata(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    if let Some(patch) = call.body.object("public_metadata")? {
        merge(&mut organization.public_metadata, patch);
    }
    if let Some(patch) = call.body.object("private_metadata")? {
        merge(&mut organization.private_metadata, patch);
    }
    keep(call, &organization)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let json = json!({ "object": "organization", "id": organization.id, "deleted": true });
    call.delete_organization(organization)?;
    Ok(Reply::json(&json))
}

pub(super) fn memberships(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let memberships: Result<Vec<Value>, Error> = organization
        .memberships
        .iter()
        .map(|membership| call.membership_json(&organization, membership))
        .collect();
    answer_with_page(call, &memberships?)
}

pub(super) fn memberships_of_user(call: &mut Call<'_>) -> Result<Reply, Error> {
    let memberships = call.memberships_json(&call.path("id"))?;
    answer_with_page(call, &memberships)
}

pub(super) fn add_member(call: &mut Call<'_>) -> Result<Reply, Error> {
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
    call.store.put(&organization)?;
    answer_with_member(call, &organization, user_id)
}

pub(super) fn update_member(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let (user_id, role, now) = (call.path("user_id"), call.role()?, call.now);
    let membership = organization
        .membership_mut(&user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", &user_id))?;
    membership.role = role;
    membership.updated_at = now;
    call.store.put(&organization)?;
    answer_with_member(call, &organization, &user_id)
}

pub(super) fn remove_member(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let user_id = call.path("user_id");
    let answer = answer_with_member(call, &organization, &user_id)?;
    call.remove_member(&mut organization, &user_id)?;
    Ok(answer)
}

pub(super) fn invitations(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let status = call.query.filled("status");
    let mut invitations = Vec::new();
    for invitation in &organization.invitations {
        invitations.push(call.backend_invitation_json(&organization, invitation)?);
    }
    invitations.retain(|json| status.is_none_or(|status| json["status"] == status));
    answer_with_page(call, &invitations)
}

pub(super) fn invite(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let invitation = call.invite(
        &mut organization,
        call.body.required("email_address")?,
        call.role()?,
        call.body.filled("inviter_user_id"),
    )?;
    call.store.put(&organization)?;
    Ok(Reply::json(
        &call.backend_invitation_json(&organization, &invitation)?,
    ))
}

pub(super) fn revoke_invitation(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let invitation = call.revoke_invitation(&mut organization, &call.path("invitation_id"))?;
    call.store.put(&organization)?;
    Ok(Reply::json(
        &call.backend_invitation_json(&organization, &invitation)?,
    ))
}

fn set_metadata(call: &Call<'_>, organization: &mut Organization) -> Result<(), Error> {
    if let Some(metadata) = call.body.object("public_metadata")? {
        organization.public_metadata = metadata;
    }
    if let Some(metadata) = call.body.object("private_metadata")? {
        organization.private_metadata = metadata;
    }
    Ok(())
}

fn keep(call: &Call<'_>, organization: &Organization) -> Result<Reply, Error> {
    call.store.put(organization)?;
    Ok(Reply::json(&call.backend_organization_json(organization)))
}

fn answer_with_member(call: &Call<'_>, organization: &Organization, user_id: &str) -> Result<Reply, Error> {
    let membership = organization
        .membership(user_id)
        .ok_or_else(|| ApiError::not_found("organization membership of user", user_id))?;
    Ok(Reply::json(&call.membership_json(organization, membership)?))
}

fn answer_with_page(call: &Call<'_>, all: &[Value]) -> Result<Reply, Error> {
    Ok(Reply::json(
        &json!({ "data": call.page(all), "total_count": all.len() }),
    ))
}
