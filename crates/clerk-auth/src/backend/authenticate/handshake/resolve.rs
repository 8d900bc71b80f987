//! The result of a handshake: cookies to set, which may include a session token.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, LOCATION},
};
use serde_json::{Map, Value};

use crate::backend::{
    authenticate::{client::BackendClient, handshake::without_result, set_cookie},
    header_value::header_value,
    reason::TokenReason,
    request::{Context, HandshakeKind, HandshakeResult, url_query},
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
    /// The nonce of a cookie is not, or no longer, known.
    #[error("the nonce is unknown")]
    Nonce,
    /// The session token in it was rejected, or the signing keys could not be requested.
    #[error("{0}")]
    Other(VerifyError),
}

/// Reads the result of a handshake.
pub(crate) async fn resolve(
    result: &HandshakeResult,
    context: &Context<'_>,
    client: &impl BackendClient,
) -> Result<Resolved, ResolveError> {
    let cookies = match result.kind {
        HandshakeKind::Nonce => looked_up(&result.value, client).await,
        HandshakeKind::Token => match verified(&result.value, client).await {
            Ok(cookies) => Some(cookies),
            Err(VerifyError::Token(error)) => return Err(ResolveError::HandshakeToken(error)),
            Err(error) => return Err(ResolveError::Other(error)),
        },
    };
    match cookies {
        Some(cookies) => finish(result, context, &cookies, client).await,
        // In a URL, as in the official package, an unknown nonce counts as no cookies.
        None if result.is_in_query => finish(result, context, &[], client).await,
        None => Err(ResolveError::Nonce),
    }
}

/// Looks up the cookies of a nonce. A failed lookup counts as no cookies.
async fn looked_up(nonce: &str, client: &impl BackendClient) -> Option<Vec<String>> {
    client.handshake_cookies(nonce).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the result of a handshake could not be fetched from the Backend API");
        Some(Vec::new())
    })
}

async fn verified(token: &str, client: &impl BackendClient) -> Result<Vec<String>, VerifyError> {
    let jwt = Jwt::decode(token)?;
    let key = client.signing_key(jwt.kid()).await?;
    Ok(verify_handshake_token(&jwt, &key)?)
}

async fn finish(
    result: &HandshakeResult,
    context: &Context<'_>,
    cookies: &[String],
    client: &impl BackendClient,
) -> Result<Resolved, ResolveError> {
    let mut headers = HeaderMap::new();
    // A script's request has this origin after it was redirected to the Frontend API and back, by the
    // "redirect-taint" of the Fetch standard. Navigations need no permission, and other origins get none.
    if context.origin.as_deref() == Some("null") {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    let session_token = set_cookie::append(cookies, &mut headers);
    if context.is_development() && result.is_in_query {
        // The result arrived in the URL and must be removed from it.
        let mut url = without_result(context);
        url_query::remove(&mut url, &["__clerk_help", "__clerk_db_jwt"]);
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
