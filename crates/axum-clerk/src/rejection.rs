//! Rejections: why a handler does not run.

use std::time::Duration;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use clerk_auth::{Auth, Denied, Reverification};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde_json::json;

use crate::error::{ClerkError, json_response};

/// Why a handler does not run: the error of the extractors, of the protection layers and of
/// [`MaybeAuth::protect`](crate::MaybeAuth::protect).
///
/// As a response it is a JSON error. Under [`ClerkLayer`](crate::ClerkLayer) a visitor whose browser asks for a
/// document is redirected to the sign-in page instead, or gets the page that the layer's error hook renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// Nobody is signed in: 401.
    #[error("Sign in, or send a valid session token.")]
    SignedOut,
    /// Clerk's Backend API is unavailable, so that it is not known whether somebody is signed in: 503 with `Retry-After`.
    #[error("Clerk is unavailable, so it is not known who you are. Try again in a moment.")]
    Unavailable {
        /// How long to wait before another attempt.
        retry_after: Duration,
    },
    /// The caller lacks a role, permission, feature or plan: 403.
    #[error("You are not allowed to do this.")]
    Forbidden,
    /// The same, where the caller must not learn whether there is something: 404. See
    /// [`AuthCheck::or_not_found`](crate::AuthCheck::or_not_found).
    #[error("There is nothing at this address.")]
    NotFound,
    /// The caller has to verify their identity again: 403 with the body by which clerk-js recognizes this.
    #[error("Verify that it is you, then try again.")]
    Reverification(Reverification),
    /// The request did not pass through [`ClerkLayer`](crate::ClerkLayer): 500.
    #[error("The route is not below a ClerkLayer: add `.layer(ClerkLayer::new(clerk))` to the router.")]
    MissingLayer,
}

impl From<Denied> for Rejection {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::SignedOut => Self::SignedOut,
            Denied::Unavailable { retry_after } => Self::Unavailable { retry_after },
            Denied::Reverification(reverification) => Self::Reverification(reverification),
            Denied::NotFound => Self::NotFound,
            _ => Self::Forbidden,
        }
    }
}

impl Rejection {
    /// Why the caller does not count as signed in.
    pub(crate) fn of_signed_out(auth: &Auth) -> Self {
        match auth.retry_after() {
            Some(retry_after) => Self::Unavailable { retry_after },
            None => Self::SignedOut,
        }
    }

    /// Logs that the layer is missing and returns the rejection that says so.
    pub(crate) fn missing_layer(uri: &Uri) -> Self {
        tracing::error!(path = uri.path(), "{}", Self::MissingLayer);
        Self::MissingLayer
    }

    /// Returns the error for an error hook to render.
    pub(crate) fn error(self) -> ClerkError {
        let (status, code) = match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Self::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "authentication_unavailable"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Reverification(_) => (StatusCode::FORBIDDEN, "reverification_required"),
            Self::MissingLayer => (StatusCode::INTERNAL_SERVER_ERROR, "missing_clerk_layer"),
        };
        // In production, visitors are not told how the program is built.
        let message = if self == Self::MissingLayer && !cfg!(debug_assertions) {
            "The server is misconfigured.".to_owned()
        } else {
            self.to_string()
        };
        let retry_after = match self {
            Self::Unavailable { retry_after } => Some(retry_after),
            _ => None,
        };
        ClerkError {
            retry_after,
            ..ClerkError::new(status, code, message)
        }
    }

    /// Sets the status and the headers of a response whose body says the same in its own words.
    pub(crate) fn apply_to<B>(self, response: &mut http::Response<B>) {
        let error = self.error();
        *response.status_mut() = error.status;
        error.add_retry_after(response.headers_mut());
        self.add_challenge(response.headers_mut());
    }

    fn add_challenge(self, headers: &mut HeaderMap) {
        if self == Self::SignedOut {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
    }

    /// Returns the JSON response.
    pub(crate) fn response<B: From<String>>(self) -> http::Response<B> {
        let mut response = match self {
            Self::Reverification(reverification) => json_response(
                StatusCode::FORBIDDEN,
                // The shape that clerk-js's `useReverification` looks for.
                &json!({ "clerk_error": {
                    "type": "forbidden",
                    "reason": "reverification-error",
                    "metadata": { "reverification": reverification },
                }}),
            ),
            _ => self.error().to_json(),
        };
        self.add_challenge(response.headers_mut());
        response.map(B::from)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = self.response::<Body>();
        // The layer recognizes the response by this extension.
        response.extensions_mut().insert(self);
        response
    }
}
