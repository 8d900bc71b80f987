//! [`ClerkServerError`]: the error of server functions.

use std::{error::Error, fmt};

use clerk_auth::{Denied, Reverification};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a server function has failed: the error of [`protect`](crate::protect), which the caller in the browser gets as it
/// is, so that the form can show it.
///
/// The response has the status of the error if `ClerkLayer` of axum-clerk is around the routes. Its body is that of
/// Clerk's own APIs and of the layer itself, so that the layer's answers arrive as this type too; for a reverification it
/// is the body that Clerk's `isReverificationHint` recognizes.
///
/// Use it as it is, or as the source of an error of your own that implements
/// [`FromServerFnError`].
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::ClerkServerError;
///
/// #[component]
/// fn Outcome(outcome: Result<(), ClerkServerError>) -> impl IntoView {
///     match outcome {
///         Ok(()) => "Saved.".to_owned(),
///         Err(ClerkServerError::Forbidden) => "Only administrators may rename the team.".to_owned(),
///         Err(error) => error.to_string(),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Body", from = "Body")]
#[non_exhaustive]
pub enum ClerkServerError {
    /// Nobody is signed in: 401.
    SignedOut,
    /// The caller lacks a role, permission, feature or plan: 403.
    Forbidden,
    /// The same, where the caller must not learn whether there is something: 404.
    NotFound,
    /// The caller has to verify their identity again: 403.
    Reverification(Reverification),
    /// Clerk's Backend API is unavailable: 503. Try again in a moment.
    Unavailable,
    /// The request did not pass through `ClerkLayer` of axum-clerk: 500.
    MissingLayer,
    /// Something else, such as an error of Leptos, a network that is down, or one of your own.
    Other {
        /// A stable name for programs, such as `too_many_requests`.
        code: String,
        /// What is wrong, for people.
        message: String,
    },
}

impl ClerkServerError {
    /// An error of your own. The caller gets both texts: they must not contain internals.
    ///
    /// ```
    /// use leptos_clerk::ClerkServerError;
    ///
    /// let error = ClerkServerError::new("name_taken", "Another team has this name.");
    /// assert_eq!(error.to_string(), "Another team has this name.");
    /// ```
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Other {
            code: code.into(),
            message: message.into(),
        }
    }

    /// The code and the message in the body.
    fn texts(&self) -> (&str, &str) {
        match self {
            Self::SignedOut => (SIGNED_OUT, "Sign in, or send a valid session token."),
            Self::Forbidden => (FORBIDDEN, "You are not allowed to do this."),
            Self::NotFound => (NOT_FOUND, "There is nothing at this address."),
            Self::Reverification(_) => (REVERIFICATION, "Verify that it is you, then try again."),
            Self::Unavailable => (
                UNAVAILABLE,
                "Clerk is unavailable, so it is not known who you are. Try again in a moment.",
            ),
            Self::MissingLayer => (MISSING_LAYER, "The server is misconfigured."),
            Self::Other { code, message } => (code, message),
        }
    }
}

const SIGNED_OUT: &str = "unauthenticated";
const FORBIDDEN: &str = "forbidden";
const NOT_FOUND: &str = "not_found";
const REVERIFICATION: &str = "reverification_required";
const UNAVAILABLE: &str = "authentication_unavailable";
const MISSING_LAYER: &str = "missing_clerk_layer";

impl fmt::Display for ClerkServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.texts().1)
    }
}

impl Error for ClerkServerError {}

impl From<Denied> for ClerkServerError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignedOut => Self::SignedOut,
            Denied::Unavailable { .. } => Self::Unavailable,
            Denied::Reverification(reverification) => Self::Reverification(reverification),
            Denied::NotFound => Self::NotFound,
            _ => Self::Forbidden,
        }
    }
}

impl FromServerFnError for ClerkServerError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::new("server_function_failed", error.to_string())
    }
}

/// The body of the response.
#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ErrorBody>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clerk_error: Option<ReverificationBody>,
}

#[derive(Serialize, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// The shape that Clerk's `isReverificationHint` looks for.
#[derive(Serialize, Deserialize)]
struct ReverificationBody {
    #[serde(rename = "type")]
    kind: String,
    reason: String,
    metadata: Metadata,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    reverification: Reverification,
}

impl From<ClerkServerError> for Body {
    fn from(error: ClerkServerError) -> Self {
        if let ClerkServerError::Reverification(reverification) = error {
            return Self {
                errors: Vec::new(),
                clerk_error: Some(ReverificationBody {
                    kind: FORBIDDEN.to_owned(),
                    reason: "reverification-error".to_owned(),
                    metadata: Metadata { reverification },
                }),
            };
        }
        let (code, message) = error.texts();
        Self {
            errors: vec![ErrorBody {
                code: code.to_owned(),
                message: message.to_owned(),
            }],
            clerk_error: None,
        }
    }
}

impl From<Body> for ClerkServerError {
    fn from(body: Body) -> Self {
        if let Some(error) = body.clerk_error {
            return Self::Reverification(error.metadata.reverification);
        }
        let Some(ErrorBody { code, message }) = body.errors.into_iter().next() else {
            return Self::new("unknown", "The server did not say what is wrong.");
        };
        match &*code {
            SIGNED_OUT => Self::SignedOut,
            FORBIDDEN => Self::Forbidden,
            NOT_FOUND => Self::NotFound,
            UNAVAILABLE => Self::Unavailable,
            MISSING_LAYER => Self::MissingLayer,
            _ => Self::Other { code, message },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_error_arrives_as_it_was_sent() {
        for error in [
            ClerkServerError::SignedOut,
            ClerkServerError::Forbidden,
            ClerkServerError::NotFound,
            ClerkServerError::Reverification(Reverification::strict_mfa()),
            ClerkServerError::Unavailable,
            ClerkServerError::MissingLayer,
            ClerkServerError::new("name_taken", "Another team has this name."),
        ] {
            assert_eq!(ClerkServerError::de(error.ser()), error);
        }
    }

    #[test]
    fn a_reverification_has_the_shape_of_the_javascript_sdks() {
        let error = ClerkServerError::Reverification(Reverification::strict());
        let expected = json!({ "clerk_error": {
            "type": "forbidden",
            "reason": "reverification-error",
            "metadata": { "reverification": { "level": "second_factor", "afterMinutes": 10 } },
        }});
        assert_eq!(serde_json::to_value(error).unwrap(), expected);
    }

    #[test]
    fn a_body_that_is_not_an_error_is_one_nonetheless() {
        for body in ["", "<!DOCTYPE html>", "[]"] {
            let error = ClerkServerError::de(body.into());
            assert!(matches!(error, ClerkServerError::Other { .. }), "{error:?}");
        }
        let error = ClerkServerError::de("{}".into());
        assert_eq!(error.to_string(), "The server did not say what is wrong.");
    }
}
