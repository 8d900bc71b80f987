//! Error answers: JSON for programs, a small page for people.

use std::any::Any;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

/// An error as Clerk's own APIs write it.
pub(crate) fn json_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "code": code, "message": message }] });
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// A failure, as a page or as JSON, whichever is asked for. `message` says what failed and what to do,
/// without a secret.
pub(crate) fn failure(parts: &Parts, status: StatusCode, code: &str, message: &str) -> Response {
    if wants_document(&parts.headers) {
        page(status, message)
    } else {
        json_error(status, code, message)
    }
}

/// Answers instead of a handler that panicked. The panic hook has logged the details.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    page(StatusCode::INTERNAL_SERVER_ERROR, "The server's log tells more.")
}

/// Whether the answer will be shown as a page: by the fetch destination, or by what is accepted.
pub(crate) fn wants_document(headers: &HeaderMap) -> bool {
    let value = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or("")
    };
    matches!(value("sec-fetch-dest"), "document" | "iframe") || value("accept").contains("text/html")
}

fn page(status: StatusCode, message: &str) -> Response {
    let message = message
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Something went wrong</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <style>:root{{color-scheme:light dark}}body{{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;\
         margin:20vh auto;padding:0 1.5rem}}</style></head><body><h1>Something went wrong</h1>\
         <p>{message}</p><p><a href=\"/\">Back to the start</a></p></body></html>"
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}
