use std::{fmt, sync::Arc};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

const BYTES: usize = 16;

/// The nonce of a response's Content Security Policy: 128 random bits in base64url, as
/// [CSP Level 3](https://www.w3.org/TR/CSP3/#security-nonces) asks. Cheap to clone.
///
/// A layer inserts one into the extensions of each request; pages put it on their scripts.
#[derive(Clone, PartialEq, Eq)]
pub struct CspNonce(Arc<str>);

impl CspNonce {
    /// The length of every nonce in bytes.
    pub const LENGTH: usize = (BYTES * 8).div_ceil(6);

    /// Generates a nonce.
    ///
    /// # Panics
    ///
    /// The operating system has no random numbers to give.
    #[must_use]
    pub fn new() -> Self {
        let mut bytes = [0; BYTES];
        #[expect(clippy::expect_used, reason = "without random numbers nothing is safe")]
        aws_lc_rs::rand::fill(&mut bytes).expect("random numbers");
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// Returns the nonce as it stands in the policy and in the page.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for CspNonce {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides the value, which would let an injected script run.
impl fmt::Debug for CspNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CspNonce(…)")
    }
}
