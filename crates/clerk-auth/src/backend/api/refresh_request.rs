//! The body of `POST /sessions/{id}/refresh`.

use std::collections::BTreeMap;

use serde::Serialize;

/// What the Backend API requires to refresh a session.
#[derive(Serialize)]
pub(crate) struct RefreshRequest<'a> {
    pub(crate) format: &'static str,
    pub(crate) expired_token: &'a str,
    pub(crate) refresh_token: &'a str,
    pub(crate) request_origin: String,
    /// Every header of the request, repeated headers joined.
    pub(crate) request_headers: BTreeMap<&'a str, [String; 1]>,
    /// Sent in the query string.
    #[serde(skip)]
    pub(crate) suffixed_cookies: bool,
}
