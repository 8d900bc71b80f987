//! Webhooks: events that Clerk sends, verified by their signature.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRef, FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use clerk_auth::{Clerk, WebhookError, WebhookEvent};
use http::{StatusCode, header};
use serde_json::json;

/// A webhook event whose signature has been verified.
///
/// The signature authenticates the request, so a route that takes this needs no [`ClerkLayer`](crate::ClerkLayer)
/// and must not be behind protection against cross-site requests. The [`Clerk`] comes from the router's state. The
/// body may be as large as axum's [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit) allows.
///
/// Clerk delivers an event again until it is answered with success. [`Deliveries::once`] handles it once, and answers what
/// makes Clerk deliver it again if that fails. With the feature `api`, `WebhookEvent::typed` reads the data of an event.
///
/// ```
/// use axum::{
///     Router,
///     extract::{FromRef, State},
///     http::StatusCode,
///     routing::post,
/// };
/// use axum_clerk::{Clerk, Revocation, VerifiedWebhook, WebhookEvent, clerk_auth::webhooks::Deliveries};
///
/// #[derive(Clone)]
/// struct App {
///     clerk: Clerk,
///     deliveries: Deliveries,
/// }
///
/// impl FromRef<App> for Clerk {
///     fn from_ref(app: &App) -> Self {
///         app.clerk.clone()
///     }
/// }
///
/// async fn receive(State(app): State<App>, VerifiedWebhook(event): VerifiedWebhook) -> StatusCode {
///     match app.deliveries.once(&event, handle(&app.clerk, &event)).await {
///         Ok(delivered) => delivered.status(),
///         Err(error) => {
///             eprintln!("{error}");
///             StatusCode::SERVICE_UNAVAILABLE
///         }
///     }
/// }
///
/// async fn handle(clerk: &Clerk, event: &WebhookEvent) -> Result<(), std::io::Error> {
///     // The tokens of a session that was revoked, or of a user who was deleted, end at once.
///     if let (Some(revocations), Some(revocation)) = (&clerk.options().revocations, Revocation::of(event)) {
///         revocations.record(&revocation);
///     }
///     if event.event_type == "user.deleted" {
///         // Remove what the application stores for the user.
///     }
///     Ok(())
/// }
///
/// fn webhooks(clerk: Clerk) -> Router {
///     let app = App { clerk, deliveries: Deliveries::in_memory(10_000) };
///     Router::new().route("/webhooks/clerk", post(receive)).with_state(app)
/// }
/// ```
///
/// [`Deliveries::once`]: clerk_auth::webhooks::Deliveries::once
#[derive(Clone, Debug)]
pub struct VerifiedWebhook(pub WebhookEvent);

impl<S> FromRequest<S> for VerifiedWebhook
where
    Clerk: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await?;
        Ok(Self(Clerk::from_ref(state).verify_webhook(&headers, &body)?))
    }
}

/// Why a webhook is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// The body could not be read, for example because it is too large: 400 or 413.
    #[error(transparent)]
    Body(#[from] BytesRejection),
    /// No signing secret is configured (404), or the message was not sent by Clerk, is too old or too new, or is
    /// not an event (400).
    #[error(transparent)]
    Verification(#[from] WebhookError),
}

impl IntoResponse for WebhookRejection {
    /// Logs the reason, which the response does not tell.
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Body(rejection) => return rejection.into_response(),
            Self::Verification(WebhookError::NotConfigured) => (
                StatusCode::NOT_FOUND,
                "webhooks_not_configured",
                "CLERK_WEBHOOK_SIGNING_SECRET is not set.",
            ),
            Self::Verification(error) => {
                tracing::warn!(%error, "a webhook was refused");
                (
                    StatusCode::BAD_REQUEST,
                    "webhook_verification_failed",
                    "The webhook could not be verified.",
                )
            }
        };
        let body = Json(json!({ "errors": [{ "code": code, "message": message }] }));
        (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
    }
}
