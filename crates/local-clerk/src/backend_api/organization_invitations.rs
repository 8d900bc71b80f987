//! Invitations to organizations, as a backend manages them.

use serde_json::{Value, json};

use crate::{
    domain::{Context, members::Invitee},
    error::{ApiError, Error},
    http::{Params, Reply, Request},
    model::{Invitation, Organization},
    store::links,
    view,
};

pub(super) fn of_organization(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    let email_address = request.query.filled("email_address").map(str::to_lowercase);
    let invitations = organization
        .invitations
        .iter()
        .filter(|invitation| {
            email_address
                .as_ref()
                .is_none_or(|address| invitation.email_address == *address)
        })
        .map(|invitation| (&organization, invitation));
    list(cx, request, invitations, json, request.query.filled("status"))
}

pub(super) fn pending(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organization = cx.organization(&request.path("id"))?;
    let invitations = organization.invitations.iter().map(|one| (&organization, one));
    list(cx, request, invitations, json, Some("pending"))
}

pub(super) fn of_everybody(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let organizations = cx.store.all::<Organization>()?;
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
            request.query.matches("query", &fields)
        });
    list(
        cx,
        request,
        invitations,
        json_with_organization,
        request.query.filled("status"),
    )
}

/// Lists the invitations to the verified addresses of a user.
pub(super) fn of_user(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = super::users::find(cx, request)?;
    let addresses = user.verified_email_addresses();
    let organizations = cx.store.linked::<Organization>(&links::INVITED, &addresses)?;
    let invitations = organizations
        .iter()
        .flat_map(|organization| {
            organization
                .invitations
                .iter()
                .map(move |one| (organization, one))
        })
        .filter(|(_, invitation)| addresses.contains(&&*invitation.email_address));
    list(
        cx,
        request,
        invitations,
        json_with_organization,
        request.query.filled("status"),
    )
}

fn list<'o>(
    cx: &Context<'_>,
    request: &Request,
    invitations: impl Iterator<Item = (&'o Organization, &'o Invitation)>,
    json: fn(&Context<'_>, &Organization, &Invitation) -> Result<Value, Error>,
    status: Option<&str>,
) -> Result<Reply, Error> {
    let mut all = Vec::new();
    for (organization, invitation) in invitations {
        let json = json(cx, organization, invitation)?;
        if status.is_none_or(|status| json["status"] == status) {
            all.push(json);
        }
    }
    request.sort(&mut all, &["created_at", "email_address"])?;
    Ok(request.paginated(&all))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let id = request.path("invitation_id");
    let invitation = organization
        .invitation_mut(&id)
        .ok_or_else(|| ApiError::not_found("invitation", &id))?
        .clone();
    Ok(Reply::json(&json(cx, &organization, &invitation)?))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let invitation = invite(cx, &request.body, &mut organization)?;
    cx.store.put(&organization)?;
    Ok(Reply::json(&invitation))
}

pub(super) fn create_bulk(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    let mut made = Vec::new();
    for item in request.body.items()? {
        made.push(invite(cx, &item, &mut organization)?);
    }
    cx.store.put(&organization)?;
    Ok(Reply::json(&json!({ "data": made, "total_count": made.len() })))
}

/// Invites the address in a body, or in one item of a body that is a list.
fn invite(cx: &Context<'_>, body: &Params, organization: &mut Organization) -> Result<Value, Error> {
    let (email_address, role) = (body.required("email_address")?, body.required("role")?);
    let inviter_id = body.filled("inviter_user_id");
    if let Some(id) = inviter_id
        && organization.membership(id).is_none()
    {
        return Err(ApiError::not_found("organization membership of user", id).into());
    }
    let invitee = Invitee {
        email_address,
        role,
        redirect_url: body.filled("redirect_url"),
        expires_in_days: body.number_in("expires_in_days", 1..=365)?,
        is_notified: body.flag("notify") != Some(false),
    };
    let id = cx.invite(organization, invitee, inviter_id)?.id;
    let metadata = (body.object("public_metadata")?, body.object("private_metadata")?);
    let invitation = organization
        .invitation_mut(&id)
        .ok_or_else(|| ApiError::not_found("invitation", &id))?;
    invitation.public_metadata = metadata.0.unwrap_or_default();
    invitation.private_metadata = metadata.1.unwrap_or_default();
    let invitation = invitation.clone();
    json(cx, organization, &invitation)
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut organization = cx.organization(&request.path("id"))?;
    if let Some(id) = request.body.filled("requesting_user_id")
        && organization.membership(id).is_none()
    {
        return Err(ApiError::not_found("organization membership of user", id).into());
    }
    let invitation = cx.revoke_invitation(&mut organization, &request.path("invitation_id"))?;
    cx.store.put(&organization)?;
    Ok(Reply::json(&json(cx, &organization, &invitation)?))
}

/// Renders an invitation without the data of its organization.
fn json(cx: &Context<'_>, organization: &Organization, invitation: &Invitation) -> Result<Value, Error> {
    let mut json = json_with_organization(cx, organization, invitation)?;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("public_organization_data");
    }
    Ok(json)
}

fn json_with_organization(
    cx: &Context<'_>,
    organization: &Organization,
    invitation: &Invitation,
) -> Result<Value, Error> {
    let mut json = view::invitation(cx, organization, invitation)?;
    json["private_metadata"] = Value::Object(invitation.private_metadata.clone());
    if let Some(inviter) = json["public_inviter_data"].as_object_mut() {
        inviter.remove("profile_image_url");
    }
    Ok(json)
}
