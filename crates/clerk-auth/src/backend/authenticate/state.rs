//! The result of authentication.

use std::{fmt, time::Duration};

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CACHE_CONTROL, LOCATION},
};
use url::Url;

use super::redirect::Redirect;
use crate::{
    auth::{Auth, SignedOut},
    backend::{header_value::header_value, reason::Reason},
};

static AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");
static AUTH_REASON: HeaderName = HeaderName::from_static("x-clerk-auth-reason");
static AUTH_MESSAGE: HeaderName = HeaderName::from_static("x-clerk-auth-message");

/// The status of a request. [`Status::as_str`] is the value of `x-clerk-auth-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// The session token is valid.
    SignedIn,
    /// Nobody is signed in.
    SignedOut,
    /// The visitor must be redirected to the Frontend API to find out.
    Handshake,
}

impl Status {
    /// The name in `x-clerk-auth-status`, such as `signed-in`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::Handshake => "handshake",
        }
    }
}

/// The result of [`Clerk::authenticate`](crate::Clerk::authenticate), in every detail.
/// [`RequestState::into_outcome`] reduces it to what a server has to do.
///
/// If the Backend API was unavailable, it is not known whether somebody is signed in. The state is then that of Clerk's own
/// SDKs, which decide as if the answer were negative, but [`SignedOut::retry_after`](crate::SignedOut::retry_after) is set
/// and [`RequestState::settled`] discards cookies and redirects.
#[non_exhaustive]
pub struct RequestState {
    /// Whether the request is signed in, signed out, or needs a handshake.
    pub status: Status,
    /// Why the request is not signed in. `None` if it is.
    pub reason: Option<Reason>,
    /// Details of the reason.
    pub message: Option<String>,
    /// Headers to append to the response, whatever the status. If `Location` is among them, the response must
    /// be an empty 307.
    pub headers: HeaderMap,
    /// Who is signed in.
    pub auth: Auth,
    /// The URL of the request as the visitor sees it.
    pub clerk_url: Url,
    /// Builds redirects to the sign-in and sign-up pages.
    pub redirect: Redirect,
}

/// What a server has to do with an authenticated request.
#[expect(
    clippy::large_enum_variant,
    reason = "one value per request, consumed at once"
)]
#[derive(Clone)]
pub enum Outcome {
    /// Respond with an empty 307.
    Redirect {
        /// All headers of the response, `Location` among them.
        headers: HeaderMap,
    },
    /// Handle the request.
    Decided {
        /// Who is signed in.
        auth: Auth,
        /// Headers to append to the response: cookies to set, and `x-clerk-auth-*`.
        headers: HeaderMap,
    },
}

impl fmt::Debug for Outcome {
    /// Omits headers and claims, which contain tokens and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect { .. } => "Redirect",
            Self::Decided { .. } => "Decided",
        })
    }
}

impl fmt::Debug for RequestState {
    /// Omits headers, URL and claims, which contain tokens and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestState")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl RequestState {
    /// Marks a state as the result of an unavailable Backend API, unless somebody is signed in nonetheless.
    pub(crate) fn undecided(mut self, retry_after: Duration) -> Self {
        if let Auth::SignedOut(signed_out) = &mut self.auth
            && self.status != Status::SignedIn
        {
            signed_out.retry_after = Some(retry_after);
        }
        self
    }

    /// If the Backend API was unavailable, replaces the decision by one that changes nothing in the browser: signed out for
    /// the same reason, without cookies and redirects. A later request can then be decided as if nothing had happened.
    #[must_use]
    pub fn settled(self) -> Self {
        match self.auth {
            Auth::SignedOut(SignedOut {
                retry_after: Some(_), ..
            }) => Self {
                status: Status::SignedOut,
                headers: HeaderMap::new(),
                ..self
            }
            .with_debug_headers(),
            _ => self,
        }
    }

    /// Reduces the state to what a server has to do, after it is [`settled`](Self::settled). The headers include `x-clerk-auth-status`, and
    /// `Cache-Control: private, no-store` unless the decision has a stricter one.
    #[must_use]
    pub fn into_outcome(self) -> Outcome {
        let mut state = self.settled();
        state
            .headers
            .entry(&AUTH_STATUS)
            .or_insert(HeaderValue::from_static(state.status.as_str()));
        state
            .headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-store"));
        if state.headers.contains_key(LOCATION) {
            Outcome::Redirect {
                headers: state.headers,
            }
        } else {
            Outcome::Decided {
                auth: state.auth,
                headers: state.headers,
            }
        }
    }

    /// Adds the `x-clerk-auth-*` headers, which explain the decision to developers.
    pub(crate) fn with_debug_headers(mut self) -> Self {
        let reason = self.reason.as_ref().map(Reason::to_string);
        let texts = [
            (&AUTH_STATUS, Some(self.status.as_str())),
            (&AUTH_REASON, reason.as_deref()),
            (&AUTH_MESSAGE, self.message.as_deref()),
        ];
        for (name, text) in texts {
            if let Some(value) = text.and_then(header_value) {
                self.headers.insert(name, value);
            }
        }
        self
    }
}
