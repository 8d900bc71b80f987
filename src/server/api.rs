//! The JSON API.

use app_server::json_error;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use axum_clerk::{MaybeAuth, RequireAuth, SignedIn, UserSnapshots};
use tower_sessions::Session;

/// `GET /api/me`: the caller's authentication object, by session cookie or bearer token. Never contains a token.
pub(crate) async fn me(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}

/// `POST /api/session/refresh`: fetches the user again, for after the user has changed their profile. For a program, which
/// keeps no cookies, no session is made: the user is fetched again at their next page.
pub(crate) async fn refresh_session(
    State(snapshots): State<UserSnapshots>,
    RequireAuth(who): RequireAuth,
    MaybeAuth(auth): MaybeAuth,
    session: Session,
    headers: HeaderMap,
) -> Result<StatusCode, Response> {
    if headers.contains_key(header::AUTHORIZATION) {
        snapshots.invalidate(&who.user_id);
        return Ok(StatusCode::NO_CONTENT);
    }
    let refreshed = snapshots.refresh(&session, &auth).await;
    refreshed.map(|_| StatusCode::NO_CONTENT).map_err(|error| {
        tracing::error!(%error, "the session store failed");
        json_error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "The session could not be stored.",
        )
    })
}

/// Answers requests for any other address below `/api/`.
pub(crate) async fn not_found() -> Response {
    json_error(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address.",
    )
}
