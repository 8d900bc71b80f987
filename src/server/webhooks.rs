//! `POST /webhooks/clerk`: what Clerk tells of its own accord.
//!
//! Clerk's signature says who is calling: no cookie and no token is looked at.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use axum_clerk::clerk_auth::WebhookError;

use super::{errors::json_error, state::AppState};

/// Receives an event. Clerk sends one again until it is answered with success, so it may come twice.
pub(crate) async fn receive(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let event = match state.clerk.verify_webhook(&headers, &body) {
        Ok(event) => event,
        Err(WebhookError::NotConfigured) => {
            return json_error(
                StatusCode::NOT_FOUND,
                "webhooks_not_configured",
                "CLERK_WEBHOOK_SIGNING_SECRET is not set.",
            );
        }
        Err(error) => {
            tracing::warn!(%error, "a webhook was refused");
            return json_error(
                StatusCode::BAD_REQUEST,
                "webhook_verification_failed",
                "The webhook could not be verified.",
            );
        }
    };
    let id = event.data["id"].as_str().unwrap_or_default();
    tracing::info!(event = event.event_type, id, "webhook received");
    if matches!(event.event_type.as_str(), "user.updated" | "user.deleted") {
        state.sessions.user_changed(id);
    }
    StatusCode::NO_CONTENT.into_response()
}
