//! The decision: is this request signed in, signed out, or must it go through a handshake first?
//!
//! A token in the `Authorization` header always wins over cookies. Without one the cookies decide, in the
//! order of [`Decision::by_cookies`], which is that of Clerk's own packages.

mod error;
#[cfg(test)]
mod tests;

use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, LOCATION, SET_COOKIE},
};
use serde_json::{Map, Value};
use url::Url;

pub use error::AuthenticateError;

use super::{
    context::Context,
    handshake::{self, MAX_REDIRECTS, ResolveError},
    jwt::Jwt,
    outside::Outside,
    reason::{Carrier, Reason, RefreshError, TokenError, TokenReason, VerifyError},
    redirect::Redirect,
    referrer,
    refresh::refresh,
    state::{RequestState, Status, header_value},
    url_query,
    verify::session_claims,
};
use crate::auth::{Auth, SessionStatus};

/// Decides who is asking.
pub(super) async fn authenticate(
    context: &Context<'_>,
    outside: &impl Outside,
) -> Result<RequestState, AuthenticateError> {
    error::check_satellite(context)?;
    let decision = Decision { context, outside };
    match &context.token_in_header {
        Some(token) => Ok(decision.by_header(token).await),
        None => decision.by_cookies().await,
    }
}

struct Decision<'a, O> {
    context: &'a Context<'a>,
    outside: &'a O,
}

impl<O: Outside> Decision<'_, O> {
    async fn by_header(&self, token: &str) -> RequestState {
        let jwt = match Jwt::decode(token) {
            Ok(jwt) => jwt,
            Err(error) => return self.session_token_error(error.into(), Carrier::Header).await,
        };
        if jwt.is_machine_token() || jwt.has_non_session_category() {
            return self.signed_out(Reason::TokenTypeMismatch);
        }
        match session_claims(jwt, &self.context.claim_rules(), self.outside).await {
            Ok(claims) => self.signed_in(claims, HeaderMap::new()),
            Err(error) => self.session_token_error(error, Carrier::Header).await,
        }
    }

    async fn by_cookies(&self) -> Result<RequestState, AuthenticateError> {
        let context = self.context;
        let is_development = context.is_development();
        let is_active = context.client_uat != 0;
        let has_session = context.session_token_in_cookie.is_some();

        // 1. The visitor comes back from a handshake.
        if let Some(resolved) = handshake::resolve(context, self.outside).await {
            match resolved {
                Ok(resolved) => {
                    return Ok(match resolved.claims {
                        Some(claims) => self.signed_in(claims, resolved.headers),
                        None => self.state(
                            Status::SignedOut,
                            Some(Reason::SessionTokenMissing),
                            "",
                            resolved.headers,
                        ),
                    });
                }
                // In development the token is in the URL, where no other application can have put it.
                Err(ResolveError::HandshakeToken(error)) if is_development => {
                    return Err(AuthenticateError::handshake_token(&error));
                }
                Err(error) => tracing::error!(%error, "unable to resolve the handshake"),
            }
        }

        // 2.-4. A satellite asks its primary.
        if let Some(state) = self.satellite(has_session || is_active) {
            return Ok(state);
        }

        // 5. A development primary answers its satellite.
        if is_development
            && !context.is_satellite()
            && let Some(location) = self.back_to_satellite()
        {
            return Ok(self.maybe_handshake(Reason::PrimaryRespondsToSyncing, "", Some(location)));
        }

        // 6.-8. Development needs its browser token, since its Frontend API is on another site.
        if is_development && context.query_parameter("__clerk_db_jwt").is_some() {
            return Ok(self.maybe_handshake(Reason::DevBrowserSync, "", None));
        }
        if is_development && context.dev_browser_token.is_none() {
            return Ok(self.maybe_handshake(Reason::DevBrowserMissing, "", None));
        }

        // 9.-11. The session token and what the client says of itself must go together.
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

        // 12.-14. The token, before its signature is looked at.
        let jwt = match Jwt::decode(token) {
            Ok(jwt) => jwt,
            Err(error) => return Ok(self.session_token_error(error.into(), Carrier::Cookie).await),
        };
        if jwt.is_machine_token() || jwt.has_non_session_category() {
            return Ok(self.signed_out(Reason::TokenTypeMismatch));
        }
        if jwt.number("iat") < context.client_uat as f64 {
            return Ok(self.maybe_handshake(Reason::SessionTokenIatBeforeClientUat, "", None));
        }

        // 15.-16. Its signature and claims.
        let claims = match session_claims(jwt, &context.claim_rules(), self.outside).await {
            Ok(claims) => claims,
            Err(error) => return Ok(self.session_token_error(error, Carrier::Cookie).await),
        };

        // 17. Another site may be a satellite on which the session has changed.
        if !context.is_satellite()
            && context.is_get
            && context.sec_fetch_dest.as_deref() == Some("document")
            && context.redirect_count == 0.0
            && referrer::is_foreign(context)
        {
            let message = "Cross-origin request from satellite domain requires handshake";
            return Ok(self.maybe_handshake(Reason::PrimaryDomainCrossOriginSync, message, None));
        }

        // 18.-19. Signed in; the URL may ask for another organization.
        let state = self.signed_in(claims, HeaderMap::new());
        Ok(self.organization_sync(&state.auth).unwrap_or(state))
    }

    /// A satellite's visitor who is not known here is sent to ask the primary, if that was asked for.
    fn satellite(&self, has_cookies: bool) -> Option<RequestState> {
        let context = self.context;
        let synced = context.query_parameter("__clerk_synced");
        let needs_sync = synced.as_deref() == Some("false");
        let is_document = context.sec_fetch_dest.as_deref() == Some("document") && context.is_get;
        if !context.is_satellite() || !is_document || synced.as_deref() == Some("true") {
            return None;
        }
        if !context.instance.options.satellite_auto_sync && !has_cookies && !needs_sync {
            return Some(self.signed_out(Reason::SessionTokenAndUatMissing));
        }
        if has_cookies && !needs_sync {
            return None;
        }
        let location = if context.is_development() {
            let mut url = Url::parse(context.instance.options.sign_in_url.as_deref()?).ok()?;
            url_query::append(&mut url, "__clerk_redirect_url", context.clerk_url.as_str());
            Some(url)
        } else {
            None
        };
        Some(self.maybe_handshake(Reason::SatelliteCookieNeedsSyncing, "", location))
    }

    /// Where a development satellite waits for this primary's answer. What is no web address is ignored.
    fn back_to_satellite(&self) -> Option<Url> {
        let target = self.context.query_parameter("__clerk_redirect_url")?;
        let mut url = Url::parse(&target)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))?;
        if let Some(token) = &self.context.dev_browser_token {
            url_query::append(&mut url, "__clerk_db_jwt", token);
        }
        url_query::set(&mut url, "__clerk_synced", "true");
        Some(url)
    }

    /// An expired token is refreshed if it can be; a token that is off in time leads to a handshake.
    async fn session_token_error(&self, error: VerifyError, carrier: Carrier) -> RequestState {
        let error = match error {
            VerifyError::Token(error) => error,
            VerifyError::Unexpected(error) => {
                tracing::error!(error, "the session token could not be verified");
                return self.signed_out(Reason::UnexpectedError);
            }
        };
        let reason = match error.reason {
            TokenReason::TokenExpired => match self.refresh().await {
                Ok(state) => return state,
                Err(refresh_error) => Reason::SessionTokenExpired(refresh_error),
            },
            TokenReason::TokenNotActiveYet => Reason::SessionTokenNbf,
            TokenReason::TokenIatInTheFuture => Reason::SessionTokenIatInTheFuture,
            refused => return self.refused(refused, &error, carrier),
        };
        self.maybe_handshake(reason, &error.full_message(Some(carrier)), None)
    }

    fn refused(&self, reason: TokenReason, error: &TokenError, carrier: Carrier) -> RequestState {
        let message = error.full_message(Some(carrier));
        self.state(
            Status::SignedOut,
            Some(Reason::Token(reason)),
            &message,
            HeaderMap::new(),
        )
    }

    async fn refresh(&self) -> Result<RequestState, RefreshError> {
        if !self.context.is_get {
            return Err(RefreshError::NotGet);
        }
        let refresh_token = self
            .context
            .refresh_token
            .as_deref()
            .ok_or(RefreshError::NoRefreshCookie)?;
        let refreshed = refresh(self.context, refresh_token, self.outside).await?;
        Ok(self.signed_in(refreshed.claims, refreshed.headers))
    }

    /// Organization sync never signs anybody out: where it cannot redirect, nothing happens.
    fn organization_sync(&self, auth: &Auth) -> Option<RequestState> {
        let target = self
            .context
            .instance
            .organizations
            .target(self.context.clerk_url.path())?;
        if !auth.is_signed_in() || target.is_active(auth) {
            return None;
        }
        let state = self.maybe_handshake(Reason::ActiveOrganizationMismatch, "", None);
        (state.status == Status::Handshake).then_some(state)
    }

    /// A handshake, unless the request cannot be redirected or has been too often: then signed out for
    /// the same reason.
    fn maybe_handshake(&self, reason: Reason, message: &str, location: Option<Url>) -> RequestState {
        let context = self.context;
        let signed_out = |reason| self.state(Status::SignedOut, Some(reason), message, HeaderMap::new());
        if !handshake::is_eligible(context) {
            return signed_out(reason);
        }
        if context.redirect_count >= MAX_REDIRECTS {
            tracing::warn!(%reason, "{}", error::redirect_loop_advice(&reason));
            return signed_out(reason);
        }
        let location = location.or_else(|| handshake::handshake_url(context, &reason));
        let Some(location) = location.and_then(|url| header_value(url.as_str())) else {
            return signed_out(reason);
        };
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location);
        // Browsers would keep the redirect and never come back here.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(directive) = header_value(&handshake::redirect_count_directive(context)) {
            headers.append(SET_COOKIE, directive);
        }
        self.state(Status::Handshake, Some(reason), message, headers)
    }

    fn signed_in(&self, claims: Map<String, Value>, headers: HeaderMap) -> RequestState {
        match Auth::from_claims(Value::Object(claims)) {
            Ok(auth) => {
                let mut state = self.state(Status::SignedIn, None, "", headers);
                state.redirect.is_pending = auth.session_status == Some(SessionStatus::Pending);
                RequestState { auth, ..state }
            }
            Err(error) => {
                tracing::error!(%error, "the claims of a session token cannot be read");
                self.state(Status::SignedOut, Some(Reason::UnexpectedError), "", headers)
            }
        }
    }

    fn signed_out(&self, reason: Reason) -> RequestState {
        self.state(Status::SignedOut, Some(reason), "", HeaderMap::new())
    }

    fn state(
        &self,
        status: Status,
        reason: Option<Reason>,
        message: &str,
        headers: HeaderMap,
    ) -> RequestState {
        let state = RequestState {
            status,
            reason,
            message: (!message.is_empty()).then(|| message.to_owned()),
            headers,
            auth: Auth::signed_out(),
            clerk_url: self.context.clerk_url.clone(),
            redirect: Redirect::new(self.context),
        };
        if status == Status::SignedIn {
            state
        } else {
            state.with_debug_headers()
        }
    }
}
