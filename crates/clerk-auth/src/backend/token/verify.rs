//! Verification of session tokens and handshake tokens.
//!
//! The order of the checks determines which reason is reported, and is that of the official package: form,
//! category, key, type, algorithm, signature, and only then the claims, so that a forged token reveals
//! nothing about the configuration.

use std::{future::Future, sync::Arc};

use serde_json::{Map, Value};

use super::{
    claims::ClaimRules,
    error::{TokenError, VerifyError},
    jwt::Jwt,
    signing_key::{SigningKey, UnusableKey},
};
use crate::backend::{javascript, reason::TokenReason};

/// Provides the instance's signing keys.
pub(crate) trait KeySource: Sync {
    /// The key with this key ID.
    fn signing_key(
        &self,
        kid: Option<&str>,
    ) -> impl Future<Output = Result<Arc<SigningKey>, VerifyError>> + Send;
}

/// Verifies a session token and returns its claims.
pub(crate) async fn session_claims(
    jwt: Jwt<'_>,
    rules: &ClaimRules<'_>,
    keys: &impl KeySource,
) -> Result<Map<String, Value>, VerifyError> {
    if jwt.has_m2m_category() {
        return Err(TokenError::new(TokenReason::TokenInvalid, "Invalid session token category.").into());
    }
    let key = keys.signing_key(jwt.kid()).await?;
    check_type_and_algorithm(&jwt)?;
    check_signature(&jwt, &key, "JWT signature is invalid.")?;
    rules.check(&jwt.claims)?;
    rules.check_revocation(&jwt.claims).await?;
    Ok(jwt.claims)
}

/// Verifies the JWT of a program and returns its claims. Unlike a session token, it may be used by any party, and that of an
/// OAuth application has an audience of its own, which the caller checks.
pub(crate) async fn machine_claims(
    jwt: Jwt<'_>,
    rules: &ClaimRules<'_>,
    keys: &impl KeySource,
) -> Result<Map<String, Value>, VerifyError> {
    let is_m2m = jwt.is_m2m_token();
    let key = keys.signing_key(jwt.kid()).await?;
    if is_m2m {
        check_type_and_algorithm(&jwt)?;
    } else {
        check_algorithm(&jwt)?;
    }
    check_signature(&jwt, &key, "JWT signature is invalid.")?;
    let rules = ClaimRules {
        audiences: if is_m2m { rules.audiences } else { &[] },
        authorized_parties: &[],
        issuers: &[],
        ..*rules
    };
    rules.check(&jwt.claims)?;
    Ok(jwt.claims)
}

/// Verifies a handshake token and returns the `Set-Cookie` values it carries. Handshake tokens have no times,
/// issuer or subject to check.
pub(crate) fn verify_handshake_token(jwt: &Jwt<'_>, key: &SigningKey) -> Result<Vec<String>, TokenError> {
    check_type_and_algorithm(jwt)?;
    // A JWT template is signed by the same key and may contain a `handshake` claim chosen by a user.
    if jwt.has_non_session_category() {
        return Err(TokenError::new(
            TokenReason::TokenInvalid,
            "Invalid handshake token category.",
        ));
    }
    check_signature(jwt, key, "Handshake signature is invalid.")?;
    let set_cookies = jwt.claims.get("handshake").and_then(Value::as_array);
    Ok(set_cookies
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

fn check_signature(jwt: &Jwt<'_>, key: &SigningKey, message: &str) -> Result<(), TokenError> {
    match key.verify(jwt.algorithm().unwrap_or_default(), jwt.signed, jwt.signature) {
        Ok(true) => Ok(()),
        Ok(false) => Err(TokenError::new(TokenReason::TokenInvalidSignature, message)),
        Err(UnusableKey) => Err(TokenError::new(
            TokenReason::TokenVerificationFailed,
            "Error verifying JWT signature. The key is not for the algorithm of the token.",
        )),
    }
}

fn check_type_and_algorithm(jwt: &Jwt<'_>) -> Result<(), TokenError> {
    match jwt.header.get("typ") {
        None => {}
        Some(Value::String(typ)) if typ == "JWT" => {}
        Some(typ) => {
            let message = format!("Invalid JWT type {typ}. Expected \"JWT\".");
            return Err(TokenError::new(TokenReason::TokenInvalid, message));
        }
    }
    check_algorithm(jwt)
}

fn check_algorithm(jwt: &Jwt<'_>) -> Result<(), TokenError> {
    match jwt.algorithm() {
        Some("RS256" | "RS384" | "RS512") => Ok(()),
        _ => {
            let algorithm = javascript::stringify(jwt.header.get("alg"));
            let message = format!("Invalid JWT algorithm {algorithm}. Supported: RS256,RS384,RS512.");
            Err(TokenError::new(TokenReason::TokenInvalidAlgorithm, message))
        }
    }
}
