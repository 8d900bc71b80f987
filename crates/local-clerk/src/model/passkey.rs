//! Passkeys.

use serde::{Deserialize, Serialize};

use crate::{id, webauthn::Credential};

use super::Verification;

/// The strategy of sign-ins with a passkey.
pub(crate) const PASSKEY: &str = "passkey";

/// A passkey that a user has, or is creating.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Passkey {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `None` before it is verified.
    pub(crate) credential: Option<Credential>,
    pub(crate) verification: Verification,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Passkey {
    /// Creates a passkey that the browser still has to make with these options.
    pub(crate) fn new(name: String, options: String, now: i64) -> Self {
        Self {
            id: id::new("idn", now),
            name,
            credential: None,
            verification: Verification::challenge(PASSKEY, options, now),
            last_used_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Returns the identifier that the passkey is found by.
    pub(crate) fn key(&self) -> Option<String> {
        Some(passkey_key(&self.credential.as_ref()?.id))
    }
}

/// Returns the identifier that a passkey is found by. It can never equal an e-mail address, a phone number or a username.
pub(crate) fn passkey_key(credential_id: &str) -> String {
    format!("{PASSKEY}:{credential_id}")
}
