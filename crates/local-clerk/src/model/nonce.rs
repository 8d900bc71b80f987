//! Nonces that an app's server exchanges for cookies after a handshake.

use serde::{Deserialize, Serialize};

use crate::store::Document;

/// Cookies waiting for the app's server to fetch them, once.
#[derive(Serialize, Deserialize)]
pub(crate) struct Nonce {
    pub(crate) id: String,
    /// Values for `Set-Cookie` headers.
    #[serde(rename = "directives")]
    pub(crate) cookies: Vec<String>,
    /// On the real clock.
    pub(crate) expire_at: i64,
}

/// A nonce that a native app exchanges for its client's new token, once. Only the app gets it, by its own URL.
#[derive(Serialize, Deserialize)]
pub(crate) struct RotatingTokenNonce {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) expire_at: i64,
}

impl Document for RotatingTokenNonce {
    const KIND: &'static str = "rotating_token_nonce";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Document for Nonce {
    const KIND: &'static str = "nonce";
    fn id(&self) -> &str {
        &self.id
    }
}
