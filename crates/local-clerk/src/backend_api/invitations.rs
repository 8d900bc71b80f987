//! Invitations to the application.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{ApplicationInvitation, InvitationStatus},
    reply::Reply,
    view,
};

/// Newest first, unless asked otherwise; revoked ones only when asked for.
pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (status, text) = (call.query.filled("status"), call.query.filled("query"));
    let mut invitations: Vec<Value> = call
        .store
        .all::<ApplicationInvitation>()?
        .iter()
        .filter(|invitation| {
            text.is_none_or(|text| {
                invitation.id == text || invitation.email_address.contains(&text.to_lowercase())
            })
        })
        .map(|invitation| view::application_invitation(invitation, call.now))
        .filter(|json| status.map_or(json["status"] != "revoked", |status| json["status"] == status))
        .collect();
    if !matches!(call.query.filled("order_by"), Some("created_at" | "+created_at")) {
        invitations.reverse();
    }
    Ok(call.bare_or_paginated(&invitations))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&invite(call)?))
}

/// All or none.
pub(super) fn create_many(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&call.each_item(invite)?))
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut invitation: ApplicationInvitation = call.named("id", "invitation")?;
    match invitation.status {
        InvitationStatus::Pending => {}
        InvitationStatus::Accepted => return Err(ApiError::invitation_already_accepted().into()),
        InvitationStatus::Revoked => {
            let why = "Invitation is already revoked.";
            return Err(ApiError::bad_request("invitation_already_revoked", why).into());
        }
    }
    invitation.settle(InvitationStatus::Revoked, call.now);
    call.store.put(&invitation)?;
    Ok(Reply::json(&view::application_invitation(&invitation, call.now)))
}

fn invite(call: &mut Call<'_>) -> Result<Value, Error> {
    let invitation = call.invite_to_application(call.body.required("email_address")?)?;
    Ok(view::application_invitation(&invitation, call.now))
}
