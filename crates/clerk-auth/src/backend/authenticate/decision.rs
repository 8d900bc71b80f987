//! The rules of the decision.
//!
//! A token in the `Authorization` header always takes precedence over cookies. Without one the cookies
//! decide, in the order of [`Decision::by_cookies`], which is that of the official package.

use std::sync::Once;

use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, LOCATION, SET_COOKIE},
};

use super::{
    client::BackendClient,
    error::{self, AuthenticateError},
    handshake::{self, ResolveError},
    machine,
    state::{RequestState, Status},
};
use crate::{
    auth::Auth,
    backend::{
        header_value::header_value,
        javascript,
        log_throttle::LogThrottle,
        reason::Reason,
        request::{Context, HandshakeKind, referrer},
        token::{Carrier, Jwt, session_claims},
    },
    token_type::{AcceptsToken, TokenType},
};

/// Authenticates a request.
pub(crate) async fn authenticate(
    context: &Context<'_>,
    client: &impl BackendClient,
    accepts: &AcceptsToken,
) -> Result<RequestState, AuthenticateError> {
    if *accepts != AcceptsToken::Only(TokenType::M2mToken) {
        error::check_satellite(context)?;
    }
    let decision = Decision { context, client };
    let Some(token) = &context.token_in_header else {
        return match accepts {
            AcceptsToken::Only(TokenType::SessionToken) | AcceptsToken::Any => decision.by_cookies().await,
            AcceptsToken::Only(_) => Ok(decision.signed_out(Reason::NoTokenInHeader)),
            AcceptsToken::OneOf(types) if types.contains(&TokenType::SessionToken) => {
                decision.by_cookies().await
            }
            AcceptsToken::OneOf(_) => Ok(decision.signed_out(Reason::TokenTypeMismatch)),
        };
    };
    if *accepts == AcceptsToken::Only(TokenType::SessionToken) {
        return Ok(decision.by_header(token).await);
    }
    let token_type = machine::token_type(token, Jwt::decode(token).ok().as_ref());
    Ok(match token_type {
        _ if !accepts.includes(token_type) => decision.signed_out(Reason::TokenTypeMismatch),
        TokenType::SessionToken => decision.by_header(token).await,
        _ => decision.by_machine_token(token, token_type).await,
    })
}

/// The decision of one request.
pub(crate) struct Decision<'a, C> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) client: &'a C,
}

impl<C: BackendClient> Decision<'_, C> {
    async fn by_header(&self, token: &str) -> RequestState {
        let jwt = match Jwt::decode(token) {
            Ok(jwt) => jwt,
            Err(error) => return self.session_token_error(error.into(), Carrier::Header).await,
        };
        if jwt.is_machine_token() || jwt.has_non_session_category() {
            return self.signed_out(Reason::TokenTypeMismatch);
        }
        match session_claims(jwt, &self.context.claim_rules(), self.client).await {
            Ok(claims) => self.signed_in(claims, HeaderMap::new()),
            Err(error) => self.session_token_error(error, Carrier::Header).await,
        }
    }

    async fn by_cookies(&self) -> Result<RequestState, AuthenticateError> {
        let context = self.context;
        if context.has_foreign_handshake
            && let Some(state) = self.without_foreign_handshake()
        {
            return Ok(state);
        }
        // 1. The visitor returns from a handshake.
        let mut rejected = Vec::new();
        for result in &context.handshake_results {
            let error = match handshake::resolve(result, context, self.client).await {
                Ok(resolved) => {
                    let state = match resolved.claims {
                        Some(claims) => self.signed_in(claims, resolved.headers),
                        None => self.state(
                            Status::SignedOut,
                            Some(Reason::SessionTokenMissing),
                            "",
                            resolved.headers,
                        ),
                    };
                    return Ok(self.without_cookies(&rejected, state));
                }
                Err(error) => error,
            };
            match error {
                // The token is in the URL, where no other application can have set it.
                ResolveError::HandshakeToken(error) if context.is_development() && result.is_in_query => {
                    return Err(AuthenticateError::handshake_token(&error));
                }
                // The text may repeat a token that anybody can have made: formatted by `Debug`, it is one line.
                error => tracing::warn!(error = ?error.to_string(), "the result of a handshake was rejected"),
            }
            if result.is_in_query {
                break;
            }
            if !rejected.contains(&result.kind) {
                rejected.push(result.kind);
            }
        }
        let state = self.by_session().await?;
        Ok(self.without_cookies(&rejected, state))
    }

    /// Deletes the cookies with results that cannot be used.
    fn without_cookies(&self, rejected: &[HandshakeKind], mut state: RequestState) -> RequestState {
        for kind in rejected {
            for cookie in handshake::expire(kind.name(), &self.context.clerk_url) {
                state.headers.append(SET_COOKIE, cookie);
            }
        }
        state
    }

    /// Decides by everything but the results of handshakes.
    async fn by_session(&self) -> Result<RequestState, AuthenticateError> {
        let context = self.context;
        let is_development = context.is_development();
        let is_active = context.client_uat != 0;
        let has_session = context.session_token_in_cookie.is_some();

        // 2.-4. A satellite asks its primary.
        if let Some(state) = self.satellite(has_session || is_active) {
            return Ok(state);
        }

        // 5. A primary in development sends the visitor back to its satellite.
        if is_development
            && !context.is_satellite()
            && let Some(location) = self.back_to_satellite()
        {
            return Ok(self.maybe_handshake(Reason::PrimaryRespondsToSyncing, "", Some(location)));
        }

        // 6.-8. In development a browser token is required, since the Frontend API is on another site.
        if is_development && context.query_parameter("__clerk_db_jwt").is_some() {
            return Ok(self.maybe_handshake(Reason::DevBrowserSync, "", None));
        }
        if is_development && context.dev_browser_token.is_none() {
            return Ok(self.maybe_handshake(Reason::DevBrowserMissing, "", None));
        }

        // 9.-11. The session token and `__client_uat` must agree.
        let token = match (is_active, &context.session_token_in_cookie) {
            (false, None) => return Ok(self.signed_out(Reason::SessionTokenAndUatMissing)),
            (false, Some(_)) => {
                return Ok(self.maybe_handshake(Reason::SessionTokenWithoutClientUat, "", None));
            }
            (true, None) => {
                return Ok(self.maybe_handshake(Reason::ClientUatWithoutSessionToken, "", None));
            }
            (true, Some(token)) => token,
        };

        // 12.-14. The token, before its signature is verified.
        let jwt = match Jwt::decode(token) {
            Ok(jwt) => jwt,
            Err(error) => return Ok(self.session_token_error(error.into(), Carrier::Cookie).await),
        };
        if jwt.is_machine_token() || jwt.has_non_session_category() {
            return Ok(self.signed_out(Reason::TokenTypeMismatch));
        }
        if javascript::to_number(jwt.claims.get("iat")) < context.client_uat as f64 {
            return Ok(self.maybe_handshake(Reason::SessionTokenIatBeforeClientUat, "", None));
        }

        // 15.-16. Its signature and claims.
        let claims = match session_claims(jwt, &context.claim_rules(), self.client).await {
            Ok(claims) => claims,
            Err(error) => return Ok(self.session_token_error(error, Carrier::Cookie).await),
        };

        if !claims.contains_key("azp") {
            static WARNED: Once = Once::new();
            WARNED.call_once(|| {
                tracing::warn!(
                    "a session token in a cookie has no azp claim; Clerk will require it in the future"
                );
            });
        }

        // 17. The visitor came from another site, which may be a satellite that changed the session.
        if !context.is_satellite()
            && context.is_get
            && context.sec_fetch_dest.as_deref() == Some("document")
            && context.redirect_count == 0.0
            && referrer::is_foreign(context)
        {
            let message = "Cross-origin request from satellite domain requires handshake";
            return Ok(self.maybe_handshake(Reason::PrimaryDomainCrossOriginSync, message, None));
        }

        // 18.-19. Signed in; the URL may belong to another organization.
        let state = self.signed_in(claims, HeaderMap::new());
        Ok(self.organization_sync(&state.auth).unwrap_or(state))
    }

    /// Removes the result of a handshake from the URL of a production instance, which nobody but an attacker puts there. The
    /// visitor is not decided upon until then. `None` if the request cannot be redirected; then the result is ignored.
    fn without_foreign_handshake(&self) -> Option<RequestState> {
        static THROTTLE: LogThrottle = LogThrottle::new();
        if THROTTLE.permits() {
            tracing::warn!(
                path = self.context.clerk_url.path(),
                "the result of a handshake in the URL of a production instance is ignored; \
                 CLERK_HANDSHAKE_IN_QUERY=true accepts it"
            );
        }
        if !handshake::follows_link(self.context) {
            return None;
        }
        let location = header_value(handshake::without_result(self.context).as_str())?;
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Some(self.state(Status::SignedOut, Some(Reason::HandshakeInQuery), "", headers))
    }

    /// Activates the organization of the URL. Never signs anybody out: if it cannot redirect, nothing
    /// happens.
    fn organization_sync(&self, auth: &Auth) -> Option<RequestState> {
        let target = self
            .context
            .configuration
            .organizations
            .target(self.context.clerk_url.path())?;
        if !auth.is_signed_in() || target.is_active(auth) {
            return None;
        }
        let state = self.maybe_handshake(Reason::ActiveOrganizationMismatch, "", None);
        (state.status == Status::Handshake).then_some(state)
    }
}
