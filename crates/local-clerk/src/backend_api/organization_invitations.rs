//! Invitations to organizations, as a backend handles them.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{ContactKind, DAY, Invitation, Organization},
    reply::Reply,
};

pub(super) fn of_organization(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let email_address = call.query.filled("email_address").map(str::to_lowercase);
    let invitations = organization
        .invitations
        .iter()
        .filter(|invitation| {
            email_address
                .as_ref()
                .is_none_or(|wanted| invitation.email_address == *wanted)
        })
        .map(|invitation| (&organization, invitation));
    list(call, invitations, json, call.query.filled("status"))
}

pub(super) fn pending(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organization = call.organization(&call.path("id"))?;
    let invitations = organization.invitations.iter().map(|one| (&organization, one));
    list(call, invitations, json, Some("pending"))
}

pub(super) fn of_everybody(call: &mut Call<'_>) -> Result<Reply, Error> {
    let organizations = call.store.all::<Organization>()?;
    let invitations = organizations
        .iter()
        .flat_map(|organization| {
            organization
                .invitations
                .iter()
                .map(move |one| (organization, one))
        })
        .filter(|(organization, invitation)| {
            let fields = [&*invitation.email_address, &organization.id, &organization.name];
            call.query.finds("query", &fields)
        });
    list(
        call,
        invitations,
        json_with_organization,
        call.query.filled("status"),
    )
}

/// Those to the verified addresses of a user.
pub(super) fn of_user(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = super::users::named(call)?;
    let organizations = call.store.all::<Organization>()?;
    let addresses = user.contacts(ContactKind::EmailAddress);
    let invitations = organizations
        .iter()
        .flat_map(|organization| {
            organization
                .invitations
                .iter()
                .map(move |one| (organization, one))
        })
        .filter(|(_, invitation)| {
            addresses
                .iter()
                .any(|address| address.is_verified() && address.value == invitation.email_address)
        });
    list(
        call,
        invitations,
        json_with_organization,
        call.query.filled("status"),
    )
}

fn list<'o>(
    call: &Call<'_>,
    invitations: impl Iterator<Item = (&'o Organization, &'o Invitation)>,
    json: fn(&Call<'_>, &Organization, &Invitation) -> Result<Value, Error>,
    status: Option<&str>,
) -> Result<Reply, Error> {
    let mut all = Vec::new();
    for (organization, invitation) in invitations {
        let json = json(call, organization, invitation)?;
        if status.is_none_or(|status| json["status"] == status) {
            all.push(json);
        }
    }
    all.reverse();
    Ok(call.paginated(&all))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let id = call.path("invitation_id");
    let invitation = organization
        .invitation_mut(&id)
        .ok_or_else(|| ApiError::not_found("invitation", &id))?
        .clone();
    Ok(Reply::json(&json(call, &organization, &invitation)?))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let invitation = invite(call, &mut organization)?;
    call.store.put(&organization)?;
    Ok(Reply::json(&invitation))
}

pub(super) fn create_bulk(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let mut made = Vec::new();
    for item in call.body.items()? {
        call.body = item;
        made.push(invite(call, &mut organization)?);
    }
    call.store.put(&organization)?;
    Ok(Reply::json(&json!({ "data": made, "total_count": made.len() })))
}

/// Invites as the body says.
fn invite(call: &Call<'_>, organization: &mut Organization) -> Result<Value, Error> {
    let body = &call.body;
    let (email_address, role) = (body.required("email_address")?, call.role()?);
    let inviter_id = body.filled("inviter_user_id");
    if let Some(id) = inviter_id
        && organization.membership(id).is_none()
    {
        return Err(ApiError::not_found("organization membership of user", id).into());
    }
    let id = call.invite(organization, email_address, role, inviter_id)?.id;
    let days = body.number_in("expires_in_days", 1..=365)?;
    let metadata = (body.object("public_metadata")?, body.object("private_metadata")?);
    let invitation = organization
        .invitation_mut(&id)
        .ok_or_else(|| ApiError::not_found("invitation", &id))?;
    invitation.public_metadata = metadata.0.unwrap_or_default();
    invitation.private_metadata = metadata.1.unwrap_or_default();
    if let Some(days) = days {
        invitation.expires_at = call.now + days * DAY;
    }
    let invitation = invitation.clone();
    json(call, organization, &invitation)
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut organization = call.organization(&call.path("id"))?;
    let invitation = call.revoke_invitation(&mut organization, &call.path("invitation_id"))?;
    call.store.put(&organization)?;
    Ok(Reply::json(&json(call, &organization, &invitation)?))
}

/// An invitation among those to its organization.
fn json(call: &Call<'_>, organization: &Organization, invitation: &Invitation) -> Result<Value, Error> {
    let mut json = json_with_organization(call, organization, invitation)?;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("public_organization_data");
    }
    Ok(json)
}

fn json_with_organization(
    call: &Call<'_>,
    organization: &Organization,
    invitation: &Invitation,
) -> Result<Value, Error> {
    let mut json = call.invitation_json(organization, invitation)?;
    json["private_metadata"] = Value::Object(invitation.private_metadata.clone());
    if let Some(inviter) = json["public_inviter_data"].as_object_mut() {
        inviter.remove("profile_image_url");
    }
    Ok(json)
}
