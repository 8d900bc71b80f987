//! Answers for programs.

use axum::{Json, http::StatusCode, response::Response};

use super::{errors::json_error, extract::RequireAuth};
use crate::auth::Auth;

/// `GET /api/me`: the caller's authentication object, by session cookie or bearer token. Never a token.
pub(crate) async fn me(RequireAuth(auth): RequireAuth) -> Json<Auth> {
    Json(auth)
}

/// Whatever else is asked under `/api/`.
pub(crate) async fn not_found() -> Response {
    json_error(
        StatusCode::NOT_FOUND,
        "not_found",
        "There is nothing at this address.",
    )
}
