//! Webhooks.

use app_server::Sessions;
use axum::{extract::State, http::StatusCode};
use axum_clerk::{Revocation, UserSnapshots, VerifiedWebhook};

pub(crate) const PATH: &str = "/webhooks/clerk";

/// `POST /webhooks/clerk`: receives an event from Clerk. Clerk repeats an event until it is answered with success,
/// so an event may arrive twice.
pub(crate) async fn receive(
    State(sessions): State<Sessions>,
    State(snapshots): State<UserSnapshots>,
    VerifiedWebhook(event): VerifiedWebhook,
) -> StatusCode {
    let id = event.data["id"].as_str().unwrap_or_default();
    tracing::info!(event = event.event_type, id, "webhook received");
    let Some(revocation) = Revocation::of(&event) else {
        return StatusCode::NO_CONTENT;
    };
    snapshots.invalidate(&revocation.subject);
    let is_deleted = event.event_type == "user.deleted";
    match sessions.revoke(&revocation, is_deleted).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::error!(%error, "the session store failed; other nodes do not know of a revocation until Clerk repeats it");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
