//! Verifications of contacts and factors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ApiError;

use super::{Authorization, EMAIL_LINK, MINUTE};

/// The only code that is accepted, the same as for Clerk's test addresses.
pub(crate) const CODE: &str = "424242";

const MAX_ATTEMPTS: u32 = 5;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Verification {
    pub(crate) strategy: String,
    pub(crate) verified: bool,
    pub(crate) attempts: u32,
    pub(crate) expire_at: i64,
    /// Present if a provider verifies.
    #[serde(default, rename = "round")]
    pub(crate) authorization: Option<Authorization>,
    /// The client that followed the link, if a link verified.
    #[serde(default)]
    pub(crate) verified_at_client: Option<String>,
    /// The options for the browser (JSON), if a passkey has to answer a challenge.
    #[serde(default)]
    pub(crate) nonce: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerificationStatus {
    Unverified,
    Verified,
    Failed,
    Expired,
    /// A provider has identified the user, but an attempt of the other kind has to use it.
    Transferable,
}

impl Verification {
    /// Creates a verification whose code or link was sent and expires at this time.
    pub(crate) fn sent(strategy: &str, expire_at: i64) -> Self {
        Self {
            strategy: strategy.to_owned(),
            verified: false,
            attempts: 0,
            expire_at,
            authorization: None,
            verified_at_client: None,
            nonce: None,
        }
    }

    /// Creates a verification by a provider, which starts at this URL.
    pub(crate) fn external(strategy: &str, url: String, now: i64) -> Self {
        Self {
            authorization: Some(Authorization::new(url)),
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    /// Creates a verification by a passkey, with the options for the browser.
    pub(crate) fn challenge(strategy: &str, options: String, now: i64) -> Self {
        Self {
            nonce: Some(options),
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    /// Returns the challenge that a passkey has to answer.
    pub(crate) fn open_challenge(&self, now: i64) -> Result<String, ApiError> {
        if self.verified {
            return Err(ApiError::verification_already_verified());
        }
        if self.expire_at <= now {
            return Err(ApiError::verification_expired());
        }
        let options: Option<Value> = self
            .nonce
            .as_deref()
            .and_then(|options| serde_json::from_str(options).ok());
        let challenge = options.as_ref().and_then(|options| options["challenge"].as_str());
        challenge
            .map(str::to_owned)
            .ok_or_else(ApiError::verification_missing)
    }

    /// Creates a verification that has succeeded.
    pub(crate) fn verified(strategy: &str, now: i64) -> Self {
        Self {
            verified: true,
            attempts: 1,
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    /// Checks a code. The attempt counts whether or not it succeeds.
    pub(crate) fn attempt(&mut self, code: &str, now: i64) -> Result<(), ApiError> {
        if self.verified {
            return Err(ApiError::verification_already_verified());
        }
        if self.strategy == EMAIL_LINK {
            return Err(ApiError::verification_strategy_invalid());
        }
        if self.expire_at <= now {
            return Err(ApiError::verification_expired());
        }
        if self.attempts >= MAX_ATTEMPTS {
            return Err(ApiError::verification_failed());
        }
        self.attempts += 1;
        if code != CODE {
            return Err(ApiError::code_incorrect());
        }
        self.verified = true;
        Ok(())
    }

    pub(crate) fn status(&self, now: i64) -> VerificationStatus {
        if let Some(status) = self.authorization.as_ref().and_then(Authorization::status) {
            status
        } else if self.verified {
            VerificationStatus::Verified
        } else if self.attempts >= MAX_ATTEMPTS {
            VerificationStatus::Failed
        } else if self.expire_at <= now {
            VerificationStatus::Expired
        } else {
            VerificationStatus::Unverified
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_can_be_incorrect_expired_and_exhausted() {
        let mut sent = Verification::sent("email_code", 10 * MINUTE);
        assert_eq!(sent.attempt("000000", 1).unwrap_err().code, "form_code_incorrect");
        assert_eq!(
            sent.attempt(CODE, 10 * MINUTE).unwrap_err().code,
            "verification_expired"
        );
        assert_eq!(sent.status(10 * MINUTE), VerificationStatus::Expired);
        assert!(sent.attempt(CODE, 1).is_ok());
        assert_eq!(
            sent.attempt(CODE, 1).unwrap_err().code,
            "verification_already_verified"
        );

        let mut guessed = Verification::sent("email_code", 10 * MINUTE);
        for _ in 0..MAX_ATTEMPTS {
            assert_eq!(guessed.attempt("", 1).unwrap_err().code, "form_code_incorrect");
        }
        assert_eq!(guessed.attempt(CODE, 1).unwrap_err().code, "verification_failed");
        assert_eq!(guessed.status(1), VerificationStatus::Failed);
    }
}
