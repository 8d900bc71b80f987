//! The proof that someone reads an e-mail address, or is who they say.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{super::errors::ApiError, MINUTE, Round};

/// The one code that is ever accepted, as for Clerk's test addresses.
pub(in super::super) const CODE: &str = "424242";

const MAX_ATTEMPTS: u32 = 5;

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Verification {
    pub(in super::super) strategy: String,
    pub(in super::super) verified: bool,
    attempts: u32,
    expire_at: i64,
    /// Of one by a provider.
    #[serde(default)]
    pub(in super::super) round: Option<Round>,
    /// The client that followed the link, of a verification by one.
    #[serde(default)]
    pub(in super::super) verified_at_client: Option<String>,
}

impl Verification {
    /// A code is on its way, and good until then.
    pub(in super::super) fn sent(strategy: &str, expire_at: i64) -> Self {
        Self {
            strategy: strategy.to_owned(),
            verified: false,
            attempts: 0,
            expire_at,
            round: None,
            verified_at_client: None,
        }
    }

    /// A provider is to be asked, at this address.
    pub(in super::super) fn external(strategy: &str, url: String, now: i64) -> Self {
        Self {
            round: Some(Round::new(url)),
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    pub(in super::super) fn verified(strategy: &str, now: i64) -> Self {
        Self {
            verified: true,
            attempts: 1,
            ..Self::sent(strategy, now + 10 * MINUTE)
        }
    }

    /// Compares a code; the attempt counts either way.
    pub(in super::super) fn attempt(&mut self, code: &str, now: i64) -> Result<(), ApiError> {
        if self.verified {
            return Err(ApiError::verification_already_verified());
        }
        if self.strategy == "email_link" {
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

    pub(in super::super) fn json(&self, now: i64) -> Value {
        let status = match (
            self.verified,
            self.attempts >= MAX_ATTEMPTS,
            self.expire_at <= now,
        ) {
            (true, ..) => "verified",
            (false, true, _) => "failed",
            (false, false, true) => "expired",
            (false, false, false) => "unverified",
        };
        let round = self.round.as_ref();
        let mut json = json!({
            "object": object(&self.strategy),
            "status": round.and_then(Round::status).unwrap_or(status),
            "strategy": self.strategy,
            "attempts": self.attempts,
            "expire_at": self.expire_at,
        });
        if let Some(round) = round {
            round.extend(&mut json);
        }
        if let Some(client_id) = &self.verified_at_client {
            json["verified_at_client"] = json!(client_id);
        }
        json
    }
}

fn object(strategy: &str) -> &'static str {
    match strategy {
        "password" => "verification_password",
        "ticket" => "verification_ticket",
        "totp" => "verification_totp",
        "backup_code" => "verification_backup_code",
        "admin" => "verification_admin",
        "email_link" => "verification_email_link",
        strategy if strategy.starts_with("from_") => "verification_from_oauth",
        strategy if strategy.starts_with("oauth_") => "verification_oauth",
        _ => "verification_otp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_can_be_wrong_late_and_tried_too_often() {
        let mut sent = Verification::sent("email_code", 10 * MINUTE);
        assert_eq!(sent.attempt("000000", 1).unwrap_err().code, "form_code_incorrect");
        assert_eq!(
            sent.attempt(CODE, 10 * MINUTE).unwrap_err().code,
            "verification_expired"
        );
        assert_eq!(sent.json(10 * MINUTE)["status"], "expired");
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
        assert_eq!(guessed.json(1)["status"], "failed");
    }
}
