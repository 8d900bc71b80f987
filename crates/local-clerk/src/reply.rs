//! What a call answers.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use super::errors::ApiError;

#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(value: &Value) -> Self {
        Self::bytes("application/json", value.to_string())
    }

    pub(super) fn bytes(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.into(),
        }
        .with_header(header::CONTENT_TYPE, content_type)
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    pub(super) fn redirect(location: &str) -> Self {
        Self::empty(StatusCode::TEMPORARY_REDIRECT).with_header(header::LOCATION, location)
    }

    pub(super) fn parts(&self) -> (StatusCode, &[u8]) {
        (self.status, &self.body)
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Adds a header; a value that HTTP cannot carry is left out.
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sets a header, in place of any of that name.
    pub(super) fn replacing_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.remove(&name);
        self.with_header(name, value)
    }

    pub(super) fn with_cookies(self, cookies: &[String]) -> Self {
        cookies.iter().fold(self, |reply, cookie| {
            reply.with_header(header::SET_COOKIE, cookie)
        })
    }
}

/// An error that does not undo the call, such as a wrong code whose attempt counts.
impl From<ApiError> for Reply {
    fn from(error: ApiError) -> Self {
        Self {
            status: error.status,
            ..Self::json(&error.body())
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        response
    }
}
