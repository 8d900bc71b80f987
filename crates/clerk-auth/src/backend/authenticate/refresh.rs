//! Refreshing an expired session token on the server, without a redirect.

use http::HeaderMap;
use serde_json::{Map, Value};

use super::{client::BackendClient, set_cookie};
use crate::backend::{
    api::{ApiError, RefreshRequest},
    javascript::truthy,
    reason::RefreshError,
    request::Context,
    token::{Jwt, session_claims},
};

/// A refreshed session: the claims of its token, and the cookies to set.
pub(crate) struct Refreshed {
    pub(crate) claims: Map<String, Value>,
    pub(crate) headers: HeaderMap,
}

/// Exchanges the refresh token for a new session token and verifies that token.
pub(crate) async fn refresh(
    context: &Context<'_>,
    refresh_token: &str,
    client: &impl BackendClient,
) -> Result<Refreshed, RefreshError> {
    // The cookie's token takes precedence even if it was the header's token that expired.
    let expired_token = context.session_token().unwrap_or_default();
    let session_id = session_id(expired_token)?;
    let request = RefreshRequest {
        format: "cookie",
        expired_token,
        refresh_token,
        request_origin: context.clerk_url.origin().ascii_serialization(),
        request_headers: context
            .request
            .headers
            .keys()
            .filter_map(|name| Some((name.as_str(), [context.request.joined(name)?])))
            .collect(),
        suffixed_cookies: context.uses_suffixed_cookies,
    };
    let cookies = client
        .refresh_session(&session_id, &request)
        .await
        .map_err(refresh_error)?;
    if cookies.is_empty() {
        return Err(RefreshError::NoCookies);
    }
    let mut headers = HeaderMap::new();
    let token = set_cookie::append(&cookies, &mut headers).unwrap_or_default();
    let jwt = Jwt::decode(&token).map_err(|_| RefreshError::InvalidSessionToken)?;
    match session_claims(jwt, &context.claim_rules(), client).await {
        Ok(claims) => Ok(Refreshed { claims, headers }),
        Err(_) => Err(RefreshError::InvalidSessionToken),
    }
}

fn session_id(expired_token: &str) -> Result<String, RefreshError> {
    let jwt = Jwt::decode(expired_token).map_err(|_| RefreshError::DecodeFailed)?;
    jwt.claim("sid")
        .and_then(truthy)
        .map(str::to_owned)
        .ok_or(RefreshError::MissingSid)
}

fn refresh_error(error: ApiError) -> RefreshError {
    match error {
        ApiError::Status { code: Some(code), .. } if code == "unexpected_error" => RefreshError::Fetch,
        ApiError::Status { code: Some(code), .. } => RefreshError::Api(code),
        ApiError::Status { code: None, .. }
        | ApiError::Parameters(_)
        | ApiError::Path
        | ApiError::TooManyHandshakes
        | ApiError::TooManyTokens => RefreshError::UnknownApiError,
        ApiError::Fetch(_) | ApiError::Body(_) => RefreshError::Fetch,
    }
}
