//! Answers for programs.

use axum::{Json, http::StatusCode, response::Response};

use axum_clerk::{RequireAuth, SignedIn};

use super::errors::json_error;

/// `GET /api/me`: the caller's authentication object, by session cookie or bearer token. Never a token.
pub(crate) async fn me(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}

/// Whatever else is asked under `/api/`.
pub(crate) async fn not_found() -> Response {
    json_error(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address.",
    )
}
