//! Invitations to the application, and the waitlist.

use serde_json::{Value, json};

use crate::model::{ApplicationInvitation, InvitationStatus, WaitlistEntry};

pub(crate) fn application_invitation(invitation: &ApplicationInvitation, now: i64) -> Value {
    json!({
        "object": "invitation",
        "id": invitation.id,
        "email_address": invitation.email_address,
        "public_metadata": invitation.public_metadata,
        "revoked": invitation.status == InvitationStatus::Revoked,
        "status": invitation.status.at(now, invitation.expires_at),
        "url": invitation.url,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    })
}

pub(crate) fn waitlist_entry(
    entry: &WaitlistEntry,
    invitation: Option<&ApplicationInvitation>,
    now: i64,
) -> Value {
    json!({
        "object": "waitlist_entry",
        "id": entry.id,
        "email_address": entry.email_address,
        "status": entry.status,
        "is_locked": false,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "invitation": invitation.map(|invitation| application_invitation(invitation, now)),
    })
}
