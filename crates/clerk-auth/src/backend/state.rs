//! The outcome of authentication.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::{reason::Reason, redirect::Redirect};
use crate::Auth;

static AUTH_STATUS: HeaderName = HeaderName::from_static("x-clerk-auth-status");
static AUTH_REASON: HeaderName = HeaderName::from_static("x-clerk-auth-reason");
static AUTH_MESSAGE: HeaderName = HeaderName::from_static("x-clerk-auth-message");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    SignedIn,
    SignedOut,
    /// The visitor has to be sent to the `Location` among the headers to find out.
    Handshake,
}

impl Status {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::Handshake => "handshake",
        }
    }
}

/// The outcome of authentication.
pub struct RequestState {
    pub status: Status,
    /// None when signed in.
    pub reason: Option<Reason>,
    pub message: Option<String>,
    /// To be appended to the response, whatever the status; with `Location` among them the answer is an
    /// empty 307.
    pub headers: HeaderMap,
    pub auth: Auth,
    /// The public URL of the request.
    pub clerk_url: Url,
    /// Builds redirects to the sign-in and sign-up pages.
    pub redirect: Redirect,
}

impl fmt::Debug for RequestState {
    /// Without headers, URL and claims, which carry tokens and personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestState")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl RequestState {
    /// Adds the headers that tell a developer what was decided.
    pub(super) fn with_debug_headers(mut self) -> Self {
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

/// A header value of Latin-1 text; `None` when the text is not legal in a header.
pub(super) fn header_value(text: &str) -> Option<HeaderValue> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    HeaderValue::from_bytes(&bytes.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_are_latin_1() {
        assert_eq!(header_value("é").unwrap().as_bytes(), b"\xe9");
        assert!(header_value("€").is_none());
        assert!(header_value("a\r\nb").is_none());
    }
}
