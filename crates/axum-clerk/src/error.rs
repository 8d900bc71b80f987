//! Error responses of the layer.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::json;

/// An error response of [`ClerkLayer`](crate::ClerkLayer), as an error hook gets it to render.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClerkError {
    /// The status of the response.
    pub status: StatusCode,
    /// A stable name for programs, such as `unauthenticated`.
    pub code: &'static str,
    /// What is wrong and what to do, for people. Never contains a token or a key.
    pub message: String,
    /// Whether the response will be shown as a page, because a browser navigates or the client accepts HTML.
    pub wants_document: bool,
    /// When to try again. The layer sends it as `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl ClerkError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            wants_document: false,
            retry_after: None,
        }
    }

    /// Renders the error as Clerk's own APIs do: `{"errors": [{"code": …, "message": …}]}`.
    #[must_use]
    pub fn to_json(&self) -> Response<String> {
        let body = json!({ "errors": [{ "code": self.code, "message": self.message }] });
        let mut response = json_response(self.status, &body);
        self.add_retry_after(response.headers_mut());
        response
    }

    pub(crate) fn add_retry_after(&self, headers: &mut HeaderMap) {
        if let Some(retry_after) = self.retry_after {
            headers.insert(header::RETRY_AFTER, retry_after.as_secs().into());
        }
    }
}

pub(crate) fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<String> {
    let mut response = Response::new(body.to_string());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Checks whether the response will be shown as a page, by the fetch destination or by what the client accepts.
pub(crate) fn wants_document(headers: &HeaderMap) -> bool {
    let value = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or("")
    };
    matches!(value("sec-fetch-dest"), "document" | "iframe") || value("accept").contains("text/html")
}
