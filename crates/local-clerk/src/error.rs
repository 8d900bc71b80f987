//! Errors in Clerk's format.

mod catalog;
mod oauth;

use serde_json::{Map, Value, json};

use crate::store;

pub(crate) use oauth::OauthError;

/// Why a request failed; its transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error(transparent)]
    Oauth(#[from] OauthError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The kind of an error, which determines its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PayloadTooLarge,
    TooManyRequests,
    /// A parameter of the request is invalid.
    Unprocessable,
    Internal,
}

/// An error that the caller receives, with Clerk's code and messages.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {long_message}")]
pub(crate) struct ApiError {
    pub(crate) kind: ErrorKind,
    pub(crate) code: &'static str,
    message: String,
    long_message: String,
    meta: Map<String, Value>,
}

impl ApiError {
    pub(crate) fn new(kind: ErrorKind, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            kind,
            code,
            long_message: message.clone(),
            message,
            meta: Map::new(),
        }
    }

    pub(crate) fn with_meta(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.meta.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn with_long_message(mut self, long_message: impl Into<String>) -> Self {
        self.long_message = long_message.into();
        self
    }

    /// An error in one parameter; clerk-js shows it at the field of its form.
    pub(crate) fn form(code: &'static str, param: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unprocessable, code, message).with_meta("param_name", param)
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::BadRequest, code, message)
    }

    pub(crate) fn unprocessable(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unprocessable, code, message)
    }

    pub(crate) fn long_message(&self) -> &str {
        &self.long_message
    }

    /// Renders the error as verifications contain it.
    pub(crate) fn json(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "long_message": self.long_message,
            "meta": self.meta,
        })
    }
}
