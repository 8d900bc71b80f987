//! The possible outcomes of a decision: signed in, signed out, a handshake, or a refreshed token.

use http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, LOCATION, SET_COOKIE},
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    client::BackendClient,
    decision::Decision,
    error,
    handshake::{self, MAX_REDIRECTS},
    redirect::Redirect,
    refresh::refresh,
    state::{RequestState, Status},
};
use crate::{
    auth::{Auth, SignedOut},
    backend::{
        header_value::header_value,
        reason::{Reason, RefreshError, TokenReason},
        token::{Carrier, TokenError, VerifyError},
    },
};

impl<C: BackendClient> Decision<'_, C> {
    /// Refreshes an expired token if possible. A token that is expired or not valid yet leads to a handshake;
    /// any other is rejected.
    pub(crate) async fn session_token_error(&self, error: VerifyError, carrier: Carrier) -> RequestState {
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
            reason => return self.rejected(reason, &error, carrier),
        };
        self.maybe_handshake(reason, &error.full_message(Some(carrier)), None)
    }

    fn rejected(&self, reason: TokenReason, error: &TokenError, carrier: Carrier) -> RequestState {
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
        let refreshed = refresh(self.context, refresh_token, self.client).await?;
        Ok(self.signed_in(refreshed.claims, refreshed.headers))
    }
}

impl<C> Decision<'_, C> {
    /// Starts a handshake. If the request cannot be redirected, or was redirected too often, it is signed out
    /// for the same reason.
    pub(crate) fn maybe_handshake(
        &self,
        reason: Reason,
        message: &str,
        location: Option<Url>,
    ) -> RequestState {
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
        // Otherwise browsers would cache the redirect.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(cookie) = header_value(&handshake::redirect_count_cookie(context)) {
            headers.append(SET_COOKIE, cookie);
        }
        self.state(Status::Handshake, Some(reason), message, headers)
    }

    pub(crate) fn signed_in(&self, claims: Map<String, Value>, headers: HeaderMap) -> RequestState {
        match Auth::from_claims(Value::Object(claims)) {
            Ok(auth) => {
                let mut state = self.state(Status::SignedIn, None, "", headers);
                state.redirect.is_pending =
                    matches!(&auth, Auth::SignedOut(signed_out) if signed_out.is_pending);
                RequestState { auth, ..state }
            }
            Err(error) => {
                tracing::error!(%error, "the claims of a session token could not be read");
                self.state(Status::SignedOut, Some(Reason::UnexpectedError), "", headers)
            }
        }
    }

    pub(crate) fn signed_out(&self, reason: Reason) -> RequestState {
        self.state(Status::SignedOut, Some(reason), "", HeaderMap::new())
    }

    pub(crate) fn state(
        &self,
        status: Status,
        reason: Option<Reason>,
        message: &str,
        headers: HeaderMap,
    ) -> RequestState {
        let auth = Auth::SignedOut(SignedOut {
            reason: reason.as_ref().map(|reason| reason.to_string().into()),
            ..SignedOut::default()
        });
        let state = RequestState {
            status,
            reason,
            message: (!message.is_empty()).then(|| message.to_owned()),
            headers,
            auth,
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
