//! Refreshing an expired session token on the server, without a redirect.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use http::HeaderMap;

use super::{
    api::ApiError, context::Context, directives, jwt::Jwt, outside::Outside, reason::RefreshError,
    verify::session_claims,
};

/// What the Backend API asks for to refresh a session.
#[derive(Serialize)]
pub(super) struct RefreshRequest<'a> {
    format: &'static str,
    expired_token: &'a str,
    refresh_token: &'a str,
    request_origin: String,
    /// Every header of the request, its values as one text.
    request_headers: BTreeMap<&'a str, [String; 1]>,
    /// Sent in the query.
    #[serde(skip)]
    pub(super) suffixed_cookies: bool,
}

/// A refreshed session: the claims of its token, and the cookies to set.
pub(super) struct Refreshed {
    pub(super) claims: Map<String, Value>,
    pub(super) headers: HeaderMap,
}

/// Trades the refresh token for a new session token and verifies that one.
pub(super) async fn refresh(
    context: &Context<'_>,
    refresh_token: &str,
    outside: &impl Outside,
) -> Result<Refreshed, RefreshError> {
    // The cookie's token comes first here even when it was the header's that expired.
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
    let cookies = outside
        .refresh_session(&session_id, &request)
        .await
        .map_err(refused)?;
    if cookies.is_empty() {
        return Err(RefreshError::NoCookies);
    }
    let mut headers = HeaderMap::new();
    let token = directives::append(&cookies, &mut headers).unwrap_or_default();
    let jwt = Jwt::decode(&token).map_err(|_| RefreshError::InvalidSessionToken)?;
    match session_claims(jwt, &context.claim_rules(), outside).await {
        Ok(claims) => Ok(Refreshed { claims, headers }),
        Err(_) => Err(RefreshError::InvalidSessionToken),
    }
}

fn session_id(expired_token: &str) -> Result<String, RefreshError> {
    let jwt = Jwt::decode(expired_token).map_err(|_| RefreshError::DecodeFailed)?;
    jwt.claim("sid")
        .filter(|sid| !sid.is_empty())
        .map(str::to_owned)
        .ok_or(RefreshError::MissingSid)
}

fn refused(error: ApiError) -> RefreshError {
    match error {
        ApiError::Status { code: Some(code), .. } if code == "unexpected_error" => RefreshError::Fetch,
        ApiError::Status { code: Some(code), .. } => RefreshError::Api(code),
        ApiError::Status { code: None, .. } | ApiError::Path => RefreshError::UnknownApiError,
        ApiError::Fetch(_) => RefreshError::Fetch,
    }
}
