//! The result of a handshake: cookies to set, which may include a session token.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, LOCATION},
};
use serde_json::{Map, Value};

use crate::backend::{
    authenticate::{client::BackendClient, set_cookie},
    header_value::header_value,
    reason::TokenReason,
    request::{Context, url_query},
    token::{Carrier, ClaimRules, Jwt, TokenError, VerifyError, session_claims, verify_handshake_token},
};

/// The clock skew tolerated in a second attempt by development instances, in milliseconds: a day.
const DEVELOPMENT_CLOCK_SKEW: i64 = 86_400_000;

/// A completed handshake.
pub(crate) struct Resolved {
    /// `None` if the visitor is signed out.
    pub(crate) claims: Option<Map<String, Value>>,
    pub(crate) headers: HeaderMap,
}

/// Why the result of a handshake was rejected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    /// The handshake token itself was rejected.
    #[error("{0}")]
    HandshakeToken(TokenError),
    /// The session token in it was rejected, or the signing keys could not be requested.
    #[error("{0}")]
    Other(VerifyError),
}

/// Reads the result of a handshake. `None` if the request carries none.
pub(crate) async fn resolve(
    context: &Context<'_>,
    client: &impl BackendClient,
) -> Option<Result<Resolved, ResolveError>> {
    let cookies = match (&context.handshake_nonce, &context.handshake_token) {
        (Some(nonce), _) => Ok(payload(nonce, client).await),
        (None, Some(token)) => verified(token, client).await,
        (None, None) => return None,
    };
    Some(match cookies {
        Ok(cookies) => finish(context, &cookies, client).await,
        Err(VerifyError::Token(error)) => Err(ResolveError::HandshakeToken(error)),
        Err(error) => Err(ResolveError::Other(error)),
    })
}

/// Looks up the cookies of a nonce. A failed lookup counts as no cookies.
async fn payload(nonce: &str, client: &impl BackendClient) -> Vec<String> {
    client.handshake_payload(nonce).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the handshake payload could not be fetched from the Backend API");
        Vec::new()
    })
}

async fn verified(token: &str, client: &impl BackendClient) -> Result<Vec<String>, VerifyError> {
    let jwt = Jwt::decode(token)?;
    let key = client.signing_key(jwt.kid()).await?;
    Ok(verify_handshake_token(&jwt, &key)?)
}

async fn finish(
    context: &Context<'_>,
    cookies: &[String],
    client: &impl BackendClient,
) -> Result<Resolved, ResolveError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    let session_token = set_cookie::append(cookies, &mut headers);
    if context.is_development() {
        // The result arrived in the URL and must be removed from it.
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
            verify(context, &token, client)
                .await
                .map_err(ResolveError::Other)?,
        ),
        None => None,
    };
    Ok(Resolved { claims, headers })
}

/// Verifies the session token. In development, a clock that is wrong by less than a day is tolerated.
async fn verify(
    context: &Context<'_>,
    token: &str,
    client: &impl BackendClient,
) -> Result<Map<String, Value>, VerifyError> {
    let rules = context.claim_rules();
    match session_claims(Jwt::decode(token)?, &rules, client).await {
        Err(VerifyError::Token(error)) if context.is_development() && is_about_time(&error) => {
            tracing::warn!(
                "clock skew detected, set your system clock: {}",
                error.full_message(Some(Carrier::Cookie))
            );
            let rules = ClaimRules {
                clock_skew: DEVELOPMENT_CLOCK_SKEW,
                ..rules
            };
            session_claims(Jwt::decode(token)?, &rules, client).await
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
