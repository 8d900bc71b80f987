//! Replies.

use std::{fmt, pin::Pin, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    error::{ApiError, ErrorKind, OauthError},
    id,
};

#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    awaited_for: Option<Duration>,
    rest: Option<Rest>,
}

/// What is left to do after the transaction, and returns the reply.
struct Rest(Pin<Box<dyn Future<Output = Reply> + Send>>);

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rest")
    }
}

impl Reply {
    pub(crate) fn json(value: &Value) -> Self {
        Self::bytes("application/json", value.to_string())
    }

    pub(crate) fn bytes(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::empty(StatusCode::OK)
        }
        .with_header(header::CONTENT_TYPE, content_type)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
            awaited_for: None,
            rest: None,
        }
    }

    /// A reply that takes longer than a transaction may: it is made when the transaction has ended.
    pub(crate) fn later(rest: impl Future<Output = Self> + Send + 'static) -> Self {
        Self {
            rest: Some(Rest(Box::pin(rest))),
            ..Self::empty(StatusCode::OK)
        }
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::empty(StatusCode::TEMPORARY_REDIRECT).with_header(header::LOCATION, location)
    }

    pub(crate) fn parts(&self) -> (StatusCode, &[u8]) {
        (self.status, &self.body)
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Marks a reply as one that the caller would rather wait for: the handler runs again after each change, for as
    /// long as this.
    pub(crate) fn awaited_for(mut self, time: Duration) -> Self {
        self.awaited_for = Some(time);
        self
    }

    pub(super) fn awaited(&self) -> Option<Duration> {
        self.awaited_for
    }

    /// Completes the reply.
    pub(super) async fn complete(mut self) -> Self {
        while let Some(Rest(rest)) = self.rest.take() {
            self = rest.await;
        }
        self
    }

    /// Adds a header, unless its value is invalid in HTTP.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sets a header, replacing any with the same name.
    pub(crate) fn replacing_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.remove(&name);
        self.with_header(name, value)
    }

    /// Adds a value to the `meta` of an error as a whole.
    pub(crate) fn with_meta(mut self, name: &str, value: Value) -> Self {
        if let Ok(mut error @ Value::Object(_)) = serde_json::from_slice(&self.body) {
            error["meta"][name] = value;
            self.body = error.to_string().into();
        }
        self
    }

    pub(crate) fn with_cookies(self, cookies: &[String]) -> Self {
        cookies.iter().fold(self, |reply, cookie| {
            reply.with_header(header::SET_COOKIE, cookie)
        })
    }
}

/// An error as a reply does not roll the transaction back: a failed attempt, for example, has to count.
impl From<ApiError> for Reply {
    fn from(error: ApiError) -> Self {
        let body = json!({
            "errors": [error.json()],
            "clerk_trace_id": id::alphanumeric::<32>().to_lowercase(),
        });
        Self {
            status: error.kind.into(),
            ..Self::json(&body)
        }
    }
}

impl From<OauthError> for Reply {
    fn from(error: OauthError) -> Self {
        Self::json(&error.json()).with_status(error.kind().into())
    }
}

impl From<ErrorKind> for StatusCode {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::BadRequest => Self::BAD_REQUEST,
            ErrorKind::Unauthorized => Self::UNAUTHORIZED,
            ErrorKind::Forbidden => Self::FORBIDDEN,
            ErrorKind::NotFound => Self::NOT_FOUND,
            ErrorKind::MethodNotAllowed => Self::METHOD_NOT_ALLOWED,
            ErrorKind::Conflict => Self::CONFLICT,
            ErrorKind::PayloadTooLarge => Self::PAYLOAD_TOO_LARGE,
            ErrorKind::TooManyRequests => Self::TOO_MANY_REQUESTS,
            ErrorKind::Unprocessable => Self::UNPROCESSABLE_ENTITY,
            ErrorKind::Internal => Self::INTERNAL_SERVER_ERROR,
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
