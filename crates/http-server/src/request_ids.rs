//! Names for requests, by which their log lines are found.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header with the name of a request.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer than a UUID or the identifier of a trace.
const MAX_LENGTH: usize = 64;

/// Names requests.
///
/// ```
/// use axum::http::HeaderMap;
/// use http_server::RequestIds;
///
/// let ids = RequestIds::default();
/// assert_ne!(ids.of(&HeaderMap::new()), ids.of(&HeaderMap::new()));
/// ```
#[derive(Debug)]
pub struct RequestIds(AtomicU64);

/// Begins at a random number, so that two processes do not use the same names.
impl Default for RequestIds {
    fn default() -> Self {
        Self(AtomicU64::new(RandomState::new().hash_one(0)))
    }
}

impl RequestIds {
    /// Returns the name in the headers, which must be those that a [`Trust`](crate::Trust) has left, or else a new one. A
    /// name consists of at most 64 letters, digits and `.`, `_`, `-`, `=`, `+`, `/`, `:`.
    pub fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let given = headers
            .get(X_REQUEST_ID)
            .filter(|value| is_name(value.as_bytes()));
        given
            .cloned()
            .unwrap_or_else(|| hexadecimal(self.0.fetch_add(1, Relaxed)))
    }
}

fn is_name(text: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-=+/:".contains(byte);
    (1..=MAX_LENGTH).contains(&text.len()) && text.iter().all(is_allowed)
}

fn hexadecimal(number: u64) -> HeaderValue {
    let digits = std::array::from_fn::<u8, 16, _>(|at| {
        let digit = number >> (60 - 4 * at) & 0xf;
        b"0123456789abcdef"[digit as usize]
    });
    HeaderValue::from_bytes(&digits).unwrap_or_else(|_| HeaderValue::from_static("-"))
}
