//! Password hashes and Clerk's password rules.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{error::ApiError, id};

pub(crate) const MIN_LENGTH: usize = 8;
pub(crate) const MAX_LENGTH: usize = 72;

/// Few iterations, as the passwords are those of test users and every sign-in of a test run pays for them.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(20_000).unwrap();

/// A salted PBKDF2-HMAC-SHA256 hash.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PasswordHash {
    iterations: NonZeroU32,
    salt: String,
    hash: String,
}

impl PasswordHash {
    pub(crate) fn new(password: &str) -> Self {
        let mut salt = [0; 16];
        id::fill(&mut salt);
        let mut hash = [0; 32];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            ITERATIONS,
            &salt,
            password.as_bytes(),
            &mut hash,
        );
        Self {
            iterations: ITERATIONS,
            salt: STANDARD_NO_PAD.encode(salt),
            hash: STANDARD_NO_PAD.encode(hash),
        }
    }

    pub(crate) fn verify(&self, password: &str) -> bool {
        let (Ok(salt), Ok(hash)) = (
            STANDARD_NO_PAD.decode(&self.salt),
            STANDARD_NO_PAD.decode(&self.hash),
        ) else {
            return false;
        };
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::verify(algorithm, self.iterations, &salt, password.as_bytes(), &hash).is_ok()
    }
}

/// Validates a password and returns its hash; `param` is the name of the field in the error.
pub(crate) fn accept(password: &str, param: &str) -> Result<PasswordHash, ApiError> {
    check(password, param)?;
    Ok(PasswordHash::new(password))
}

pub(crate) fn check(password: &str, param: &str) -> Result<(), ApiError> {
    let (code, message) = match password.len() {
        0..MIN_LENGTH => (
            "form_password_length_too_short",
            format!("Passwords must be {MIN_LENGTH} characters or more."),
        ),
        MIN_LENGTH..=MAX_LENGTH => return Ok(()),
        _ => (
            "form_password_length_too_long",
            format!("Passwords must be {MAX_LENGTH} characters or fewer."),
        ),
    };
    Err(ApiError::form(code, param, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_only_the_hashed_password() {
        let hash = PasswordHash::new("correct horse");
        assert!(hash.verify("correct horse"));
        assert!(!hash.verify("correct house"));
    }

    #[test]
    fn rejects_passwords_that_are_too_short_or_too_long() {
        assert!(accept("1234567", "password").is_err());
        assert!(accept("12345678", "password").is_ok());
        assert!(accept(&"x".repeat(73), "password").is_err());
    }
}
