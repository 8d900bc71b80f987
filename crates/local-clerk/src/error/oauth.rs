//! Errors in the format of OAuth 2.0, which its clients understand (RFC 6749, 4.1.2.1 and 5.2; RFC 7591, 3.2.2).

use serde_json::{Value, json};

use super::ErrorKind;

#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {description}")]
pub(crate) struct OauthError {
    pub(crate) code: &'static str,
    pub(crate) description: String,
}

impl OauthError {
    pub(crate) fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid_request(format!("The parameter {param} is missing."))
    }

    pub(crate) fn invalid_client(description: impl Into<String>) -> Self {
        Self::new("invalid_client", description)
    }

    pub(crate) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(crate) fn invalid_scope(scope: &str) -> Self {
        let description = format!("The scope {scope} does not exist, or the application may not ask for it.");
        Self::new("invalid_scope", description)
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        match self.code {
            // The latter has this status in Clerk's contract.
            "invalid_client" | "unsupported_grant_type" => ErrorKind::Unauthorized,
            _ => ErrorKind::BadRequest,
        }
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "error": self.code, "error_description": self.description })
    }
}
