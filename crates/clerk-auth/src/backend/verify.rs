//! Verifying session tokens and handshake tokens.
//!
//! The order of the checks decides which reason is given, and is Clerk's: form, category, key, type,
//! algorithm, signature, and only then the claims, so that nothing about the configuration can be
//! learned with a forged token.

mod claims;

use serde_json::{Map, Value};

use super::{
    jwt::Jwt,
    outside::Outside,
    reason::{TokenError, TokenReason, VerifyError},
    signing_key::{SigningKey, UnusableKey},
};

pub(super) use claims::ClaimRules;

/// Looks up the key of a session token, verifies the token and returns its claims.
pub(super) async fn session_claims(
    jwt: Jwt<'_>,
    rules: &ClaimRules<'_>,
    outside: &impl Outside,
) -> Result<Map<String, Value>, VerifyError> {
    if jwt.has_m2m_category() {
        return Err(TokenError::new(TokenReason::TokenInvalid, "Invalid session token category.").into());
    }
    let key = outside.signing_key(jwt.kid()).await?;
    Ok(verify_session_token(jwt, &key, rules)?)
}

fn verify_session_token(
    jwt: Jwt<'_>,
    key: &SigningKey,
    rules: &ClaimRules<'_>,
) -> Result<Map<String, Value>, TokenError> {
    check_type_and_algorithm(&jwt)?;
    prove(&jwt, key, "JWT signature is invalid.")?;
    rules.check(&jwt.claims)?;
    Ok(jwt.claims)
}

/// Verifies a handshake token and returns the `Set-Cookie` directives it carries. It has no times, issuer
/// or subject to check.
pub(super) fn verify_handshake_token(jwt: &Jwt<'_>, key: &SigningKey) -> Result<Vec<String>, TokenError> {
    check_type_and_algorithm(jwt)?;
    // A JWT template is signed by the same key and may hold a `handshake` claim of anybody's making.
    if jwt.has_non_session_category() {
        return Err(TokenError::new(
            TokenReason::TokenInvalid,
            "Invalid handshake token category.",
        ));
    }
    prove(jwt, key, "Handshake signature is invalid.")?;
    let directives = jwt.claims.get("handshake").and_then(Value::as_array);
    Ok(directives
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

/// Proves that the key signed the token.
fn prove(jwt: &Jwt<'_>, key: &SigningKey, otherwise: &str) -> Result<(), TokenError> {
    match key.verify(jwt.algorithm().unwrap_or_default(), jwt.signed, jwt.signature) {
        Ok(true) => Ok(()),
        Ok(false) => Err(TokenError::new(TokenReason::TokenInvalidSignature, otherwise)),
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
    match jwt.algorithm() {
        Some("RS256" | "RS384" | "RS512") => Ok(()),
        _ => {
            let algorithm = shown(jwt.header.get("alg"));
            let message = format!("Invalid JWT algorithm {algorithm}. Supported: RS256,RS384,RS512.");
            Err(TokenError::new(TokenReason::TokenInvalidAlgorithm, message))
        }
    }
}

/// A claim as a message shows it.
fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "undefined".to_owned(), Value::to_string)
}
