//! Answers to requests that are not let through.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Renders an error as Clerk's own APIs do.
pub fn json_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "code": code, "message": message }] });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Answers a request that is not let through, and reports it: `code` is why, and `detail`, which must be escaped, what else
/// explains it.
pub fn refuse(status: StatusCode, code: &'static str, message: &str, detail: &str) -> Response {
    tracing::warn!(reason = code, detail, "request refused");
    metrics::counter!("http_requests_refused_total", "reason" => code).increment(1);
    json_error(status, code, message)
}
