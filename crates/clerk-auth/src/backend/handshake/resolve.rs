//! What a handshake brought back: cookies to set, and among them a session token or none.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, LOCATION},
};
use serde_json::{Map, Value};

use super::super::{
    context::Context,
    directives,
    jwt::Jwt,
    outside::Outside,
    reason::{Carrier, TokenError, TokenReason, VerifyError},
    state::header_value,
    url_query,
    verify::{ClaimRules, session_claims, verify_handshake_token},
};

/// The skew with which a development instance tries again, in milliseconds: a day.
const DEVELOPMENT_CLOCK_SKEW: i64 = 86_400_000;

/// A handshake that ended.
pub(in super::super) struct Resolved {
    /// None when the visitor is signed out.
    pub(in super::super) claims: Option<Map<String, Value>>,
    pub(in super::super) headers: HeaderMap,
}

/// A handshake whose result is of no use.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum ResolveError {
    /// The handshake token itself was refused.
    #[error("{0}")]
    HandshakeToken(TokenError),
    /// The session token in it was refused, or the keys could not be asked for.
    #[error("{0}")]
    Other(VerifyError),
}

/// Reads the result of a handshake, `None` when the request carries none.
pub(in super::super) async fn resolve(
    context: &Context<'_>,
    outside: &impl Outside,
) -> Option<Result<Resolved, ResolveError>> {
    let cookies = match (&context.handshake_nonce, &context.handshake_token) {
        (Some(nonce), _) => Ok(payload(nonce, outside).await),
        (None, Some(token)) => verified(token, outside).await,
        (None, None) => return None,
    };
    Some(match cookies {
        Ok(cookies) => finish(context, &cookies, outside).await,
        Err(VerifyError::Token(error)) => Err(ResolveError::HandshakeToken(error)),
        Err(error) => Err(ResolveError::Other(error)),
    })
}

/// A nonce that cannot be looked up counts as no cookies.
async fn payload(nonce: &str, outside: &impl Outside) -> Vec<String> {
    outside.handshake_payload(nonce).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the handshake's payload could not be had from the Backend API");
        Vec::new()
    })
}

async fn verified(token: &str, outside: &impl Outside) -> Result<Vec<String>, VerifyError> {
    let jwt = Jwt::decode(token)?;
    let key = outside.signing_key(jwt.kid()).await?;
    Ok(verify_handshake_token(&jwt, &key)?)
}

async fn finish(
    context: &Context<'_>,
    cookies: &[String],
    outside: &impl Outside,
) -> Result<Resolved, ResolveError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    let session_token = directives::append(cookies, &mut headers);
    if context.is_development() {
        // The result came in the URL, from which it has to go.
        let mut url = context.clerk_url.clone();
        url_query::remove(
            &mut url,
            &[
                "__clerk_handshake",
                "__clerk_help",
                "__clerk_db_jwt",
                "__clerk_handshake_nonce",
            ],
        );
        if let Some(location) = header_value(url.as_str()) {
            headers.insert(LOCATION, location);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let claims = match session_token {
        Some(token) => Some(
            verify(context, &token, outside)
                .await
                .map_err(ResolveError::Other)?,
        ),
        None => None,
    };
    Ok(Resolved { claims, headers })
}

/// In development a clock that is off by less than a day is forgiven.
async fn verify(
    context: &Context<'_>,
    token: &str,
    outside: &impl Outside,
) -> Result<Map<String, Value>, VerifyError> {
    let rules = context.claim_rules();
    match session_claims(Jwt::decode(token)?, &rules, outside).await {
        Err(VerifyError::Token(error)) if context.is_development() && is_about_time(&error) => {
            tracing::warn!(
                "clock skew detected, set your system's clock: {}",
                error.full_message(Some(Carrier::Cookie))
            );
            let rules = ClaimRules {
                clock_skew: DEVELOPMENT_CLOCK_SKEW,
                ..rules
            };
            session_claims(Jwt::decode(token)?, &rules, outside).await
        }
        outcome => outcome,
    }
}

fn is_about_time(error: &TokenError) -> bool {
    matches!(
        error.reason,
        TokenReason::TokenExpired | TokenReason::TokenNotActiveYet | TokenReason::TokenIatInTheFuture
    )
}
