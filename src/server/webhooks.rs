//! Webhooks.

use axum::{extract::State, http::StatusCode};
use axum_clerk::{UserSnapshots, VerifiedWebhook};

pub(crate) const PATH: &str = "/webhooks/clerk";

/// `POST /webhooks/clerk`: receives an event from Clerk. Clerk repeats an event until it is answered with success,
/// so an event may arrive twice.
pub(crate) async fn receive(
    State(snapshots): State<UserSnapshots>,
    VerifiedWebhook(event): VerifiedWebhook,
) -> StatusCode {
    let id = event.data["id"].as_str().unwrap_or_default();
    tracing::info!(event = event.event_type, id, "webhook received");
    if matches!(event.event_type.as_str(), "user.updated" | "user.deleted") {
        snapshots.invalidate(id);
    }
    StatusCode::NO_CONTENT
}
