//! Error answers: JSON for programs, a small page for people.

use std::any::Any;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::ClerkError;
use serde_json::json;

/// An error as Clerk's own APIs write it.
pub(crate) fn json_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "code": code, "message": message }] });
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// An error of the Clerk layer, as a page or as JSON, whichever is asked for.
pub(crate) fn clerk(error: &ClerkError) -> axum::http::Response<String> {
    if error.wants_document {
        html(error.status, &error.message)
    } else {
        error.to_json()
    }
}

/// Answers instead of a handler that panicked. The panic hook has logged the details.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    page(StatusCode::INTERNAL_SERVER_ERROR, "The server's log tells more.")
}

fn page(status: StatusCode, message: &str) -> Response {
    html(status, message).map(Body::from)
}

fn html(status: StatusCode, message: &str) -> axum::http::Response<String> {
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
    let mut response = axum::http::Response::new(html);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
