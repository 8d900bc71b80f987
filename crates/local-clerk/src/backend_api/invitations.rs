//! Invitations to the application.

use serde_json::{Value, json};

use crate::{
    domain::{Context, invitations::InvitationOptions},
    error::{ApiError, Error},
    http::{Params, Reply, Request},
    model::{ApplicationInvitation, InvitationStatus},
    view,
};

/// Lists invitations, newest first by default; revoked ones only when requested.
pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if let Some(newest_first) = request.newest_first(&["paginated"]) {
        let (offset, limit) = request.page();
        let page = cx
            .store
            .page::<ApplicationInvitation>(newest_first, offset, limit)?;
        let page = page.iter().map(|one| view::application_invitation(one, cx.now));
        let page: Vec<Value> = page.collect();
        return Ok(match request.query.flag("paginated") {
            Some(true) => {
                let total = cx.store.count_on_pages::<ApplicationInvitation>()?;
                Reply::json(&json!({ "data": page, "total_count": total }))
            }
            _ => Reply::json(&json!(page)),
        });
    }
    let (status, text) = (request.query.filled("status"), request.query.filled("query"));
    let mut invitations: Vec<Value> = cx
        .store
        .all::<ApplicationInvitation>()?
        .iter()
        .filter(|invitation| {
            text.is_none_or(|text| {
                invitation.id == text || invitation.email_address.contains(&text.to_lowercase())
            })
        })
        .map(|invitation| view::application_invitation(invitation, cx.now))
        .filter(|json| status.map_or(json["status"] != "revoked", |status| json["status"] == status))
        .collect();
    request.sort(&mut invitations, &["created_at", "email_address", "expires_at"])?;
    Ok(request.bare_or_paginated(&invitations))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&invite(cx, &request.body)?))
}

/// Creates all invitations or none.
pub(super) fn create_many(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let invitations: Result<Vec<Value>, Error> = request
        .body
        .items()?
        .iter()
        .map(|item| invite(cx, item))
        .collect();
    Ok(Reply::json(&json!(invitations?)))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut invitation: ApplicationInvitation = request.load(cx, "id", "invitation")?;
    match invitation.status {
        InvitationStatus::Pending | InvitationStatus::Expired => {}
        InvitationStatus::Accepted => return Err(ApiError::invitation_already_accepted().into()),
        InvitationStatus::Revoked => {
            let message = "Invitation is already revoked.";
            return Err(ApiError::bad_request("invitation_already_revoked", message).into());
        }
    }
    invitation.set_status(InvitationStatus::Revoked, cx.now);
    cx.store.put(&invitation)?;
    Ok(Reply::json(&view::application_invitation(&invitation, cx.now)))
}

/// Invites the address in a body, or in one item of a body that is a list.
fn invite(cx: &Context<'_>, body: &Params) -> Result<Value, Error> {
    let options = invitation_options(body)?;
    let invitation = cx.invite_to_application(body.required("email_address")?, options)?;
    Ok(view::application_invitation(&invitation, cx.now))
}

/// Reads the options of an invitation.
pub(super) fn invitation_options(body: &Params) -> Result<InvitationOptions<'_>, ApiError> {
    Ok(InvitationOptions {
        ignore_existing: body.flag("ignore_existing") == Some(true),
        is_silent: body.flag("notify") == Some(false),
        is_from_waitlist: body.filled("template_slug") == Some("waitlist_invitation"),
        expires_in_days: body.number_in("expires_in_days", 1..=365)?,
        public_metadata: body.object("public_metadata")?.unwrap_or_default(),
        redirect_url: body.filled("redirect_url"),
    })
}
