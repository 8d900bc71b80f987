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

impl Document for Nonce {
    const KIND: &'static str = "nonce";
    fn id(&self) -> &str {
        &self.id
    }
}
