//! The JSON API.

use app_server::json_error;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use axum_clerk::{Auth, MaybeAuth, RequireAuth, SignedIn, UserSnapshots};
use tower_sessions::{Session, session};

/// `GET /api/me`: the caller's authentication object, by session cookie or bearer token. Never contains a token.
pub(crate) async fn me(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}

/// `POST /api/session/refresh`: fetches the user again, for after the user has changed their profile.
pub(crate) async fn refresh_session(
    State(snapshots): State<UserSnapshots>,
    RequireAuth(_): RequireAuth,
    MaybeAuth(auth): MaybeAuth,
    session: Session,
    headers: HeaderMap,
) -> Result<StatusCode, Response> {
    let refreshed = refresh_user(&snapshots, &session, &auth, &headers).await;
    refreshed.map(|()| StatusCode::NO_CONTENT).map_err(|error| {
        tracing::error!(%error, "the session store failed");
        json_error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "The session could not be stored.",
        )
    })
}

/// Fetches the user of a request again. For a program, which keeps no cookies, no session is made: the user is fetched again at
/// their next page.
pub(super) async fn refresh_user(
    snapshots: &UserSnapshots,
    session: &Session,
    auth: &Auth,
    headers: &HeaderMap,
) -> Result<(), session::Error> {
    match auth.user_id() {
        Some(user_id) if headers.contains_key(header::AUTHORIZATION) => {
            snapshots.invalidate(user_id);
            Ok(())
        }
        _ => snapshots.refresh(session, auth).await.map(drop),
    }
}

/// Answers requests for any other address below `/api/`.
pub(crate) async fn not_found() -> Response {
    json_error(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address.",
    )
}
