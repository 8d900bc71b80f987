//! Requests that get no decision, and advice for the log.

use url::Url;

use super::super::{
    context::Context,
    reason::{Reason, TokenError, TokenReason},
    request::RequestTargetError,
};

/// A request that gets no decision. All but [`RequestTarget`](Self::RequestTarget) are mistakes in the
/// configuration.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// The caller's mistake: answer with 400.
    #[error(transparent)]
    RequestTarget(#[from] RequestTargetError),
    #[error(
        "the handshake token's signature is invalid: if you have switched Clerk keys, clear your cookies and try again"
    )]
    HandshakeSignature,
    #[error("the handshake token was refused: {0}")]
    HandshakeToken(String),
    #[error(
        "CLERK_SIGN_IN_URL must be on another origin than this satellite: it is the primary's sign-in page"
    )]
    SatelliteSignInUrl,
}

impl AuthenticateError {
    pub(super) fn handshake_token(error: &TokenError) -> Self {
        match error.reason {
            TokenReason::TokenInvalidSignature => Self::HandshakeSignature,
            _ => Self::HandshakeToken(error.full_message(None)),
        }
    }
}

/// A satellite cannot be its own primary.
pub(super) fn check_satellite(context: &Context<'_>) -> Result<(), AuthenticateError> {
    let sign_in_url = context
        .instance
        .options
        .sign_in_url
        .as_deref()
        .and_then(|url| Url::parse(url).ok());
    match (sign_in_url, context.origin.as_deref()) {
        (Some(url), Some(origin))
            if context.is_satellite() && url.origin().ascii_serialization() == origin =>
        {
            Err(AuthenticateError::SatelliteSignInUrl)
        }
        _ => Ok(()),
    }
}

/// What to look at when a handshake comes around for the third time.
pub(super) fn redirect_loop_advice(reason: &Reason) -> &'static str {
    match reason {
        Reason::SatelliteCookieNeedsSyncing => {
            "asking the primary domain leads to a redirect loop: check that the satellite's domain is set up in \
             the Clerk dashboard and that CLERK_SIGN_IN_URL is a page of the primary that runs Clerk"
        }
        Reason::ActiveOrganizationMismatch => {
            "activating the URL's organization leads to a redirect loop: it may not exist or not be the user's"
        }
        _ => {
            "the handshake leads to a redirect loop: check that CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY are of \
             the same instance"
        }
    }
}
