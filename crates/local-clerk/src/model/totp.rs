//! Second factors: authenticator apps (RFC 6238) and backup codes.

use aws_lc_rs::{constant_time, digest, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};

use crate::id;

use super::SECOND;

/// How long a code is shown, in milliseconds.
const STEP: i64 = 30 * SECOND;
/// Number of codes in a set of backup codes.
const BACKUP_CODES: usize = 10;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Totp {
    pub(crate) id: String,
    key: Vec<u8>,
    pub(crate) verified: bool,
    /// The step of the last accepted code: no code is accepted twice.
    last_step: i64,
    pub(crate) created_at: i64,
}

impl Totp {
    pub(crate) fn new(now: i64) -> Self {
        let mut key = vec![0; 20];
        id::fill(&mut key);
        Self {
            id: id::new("totp", now),
            key,
            verified: false,
            last_step: 0,
            created_at: now,
        }
    }

    /// Reads the key of an authenticator app that is set up already, in Base32; `None` if it is not Base32.
    pub(crate) fn from_secret(secret: &str, now: i64) -> Option<Self> {
        let secret = secret.trim_end_matches('=').to_ascii_uppercase();
        let key = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
        let totp = Self {
            key,
            verified: true,
            ..Self::new(now)
        };
        (!totp.key.is_empty()).then_some(totp)
    }

    /// The key in Base32, as authenticator apps expect it.
    pub(crate) fn secret(&self) -> String {
        BASE32_NOPAD.encode(&self.key)
    }

    /// Accepts a code of the current step, or of the step before or after.
    pub(crate) fn take(&mut self, code: &str, now: i64) -> bool {
        let step = now / STEP;
        let matches = |step: &i64| constant_time_eq(&self.code(*step), code);
        let Some(found) = (step - 1..=step + 1)
            .filter(|step| *step > self.last_step)
            .find(matches)
        else {
            return false;
        };
        self.last_step = found;
        true
    }

    /// The six digits of a step.
    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.key);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0xf);
        let number = tag[offset..offset + 4]
            .iter()
            .fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    #[cfg(test)]
    pub(crate) fn code_at(&self, now: i64) -> String {
        self.code(now / STEP)
    }
}

/// Codes for use without the authenticator app, each accepted once. Only their hashes are stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BackupCodes {
    hashes: Vec<String>,
}

impl BackupCodes {
    /// Generates a new set; also returns the codes, to be shown to the user.
    pub(crate) fn new() -> (Self, Vec<String>) {
        let codes: Vec<String> = (0..BACKUP_CODES)
            .map(|_| id::alphanumeric::<8>().to_lowercase())
            .collect();
        (Self::of(&codes), codes)
    }

    pub(crate) fn of(codes: &[String]) -> Self {
        Self {
            hashes: codes.iter().map(|code| hash(code)).collect(),
        }
    }

    pub(crate) fn take(&mut self, code: &str) -> bool {
        let (before, hash) = (self.hashes.len(), hash(code));
        self.hashes.retain(|known| !constant_time_eq(known, &hash));
        self.hashes.len() < before
    }
}

fn hash(code: &str) -> String {
    STANDARD_NO_PAD.encode(digest::digest(&digest::SHA256, code.as_bytes()))
}

fn constant_time_eq(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_codes_of_rfc_6238() {
        let key = b"12345678901234567890".to_vec();
        let mut totp = Totp {
            id: String::new(),
            key,
            verified: true,
            last_step: 0,
            created_at: 0,
        };
        assert_eq!(totp.secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let same = Totp::from_secret(&totp.secret().to_lowercase(), 0).unwrap();
        assert_eq!(same.key, totp.key);
        assert!(Totp::from_secret("no base32!", 0).is_none() && Totp::from_secret("", 0).is_none());
        assert_eq!(totp.code_at(59 * SECOND), "287082");
        assert_eq!(totp.code_at(1_111_111_109 * SECOND), "081804");
        assert!(!totp.take("000000", 59 * SECOND));
        assert!(
            totp.take("287082", 89 * SECOND),
            "the code of the step before is still accepted"
        );
        assert!(!totp.take("287082", 59 * SECOND), "but not twice");
    }

    #[test]
    fn accepts_each_backup_code_once() {
        let (mut set, codes) = BackupCodes::new();
        assert_eq!(codes.len(), BACKUP_CODES);
        assert!(set.take(&codes[3]) && !set.take(&codes[3]) && set.take(&codes[4]));
        assert!(!set.take(""));
    }
}
