//! Verifications.

use serde_json::{Value, json};

use crate::model::Verification;

pub(crate) fn verification(verification: &Verification, now: i64) -> Value {
    let mut json = json!({
        "object": object(&verification.strategy),
        "status": verification.status(now),
        "strategy": verification.strategy,
        "attempts": verification.attempts,
        "expire_at": verification.expire_at,
    });
    if let Some(authorization) = &verification.authorization {
        json["external_verification_redirect_url"] = json!(authorization.url);
        if let Some(error) = &authorization.error {
            json["error"] = error.clone();
        }
    }
    if let Some(nonce) = &verification.nonce {
        json["nonce"] = json!(nonce);
    }
    if let Some(client_id) = &verification.verified_at_client {
        json["verified_at_client"] = json!(client_id);
    }
    json
}

fn object(strategy: &str) -> &'static str {
    match strategy {
        "password" => "verification_password",
        "ticket" => "verification_ticket",
        "totp" => "verification_totp",
        "backup_code" => "verification_backup_code",
        "admin" => "verification_admin",
        "google_one_tap" => "verification_google_one_tap",
        "email_link" => "verification_email_link",
        "passkey" => "verification_passkey",
        strategy if strategy.starts_with("from_") => "verification_from_oauth",
        strategy if strategy.starts_with("oauth_") => "verification_oauth",
        _ => "verification_otp",
    }
}
