//! Errors of authentication, and advice about redirect loops for the log.

use std::time::Duration;

use url::Url;

use crate::backend::{
    reason::{Reason, TokenReason},
    request::{Context, RequestTargetError},
    token::TokenError,
};

/// Why a request could not be authenticated at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticateError {
    /// The request is malformed: respond with 400.
    #[error(transparent)]
    RequestTarget(#[from] RequestTargetError),
    /// A handshake token in development is signed by another key: respond with 400.
    #[error(
        "the handshake token's signature is invalid: if you have switched Clerk keys, clear your cookies and try again"
    )]
    HandshakeSignature,
    /// A handshake token in development was rejected: respond with 400.
    #[error("the handshake token was rejected: {0}")]
    HandshakeToken(String),
    /// A handshake token in development could not be verified, because the Backend API is unavailable: respond with 503.
    #[error("Clerk's Backend API is unavailable: try again later")]
    Unavailable {
        /// How long to wait before another attempt.
        retry_after: Duration,
    },
    /// The configuration is wrong: respond with 500.
    #[error(
        "CLERK_SIGN_IN_URL must be on another origin than this satellite: it is the primary's sign-in page"
    )]
    SatelliteSignInUrl,
}

impl AuthenticateError {
    pub(crate) fn handshake_token(error: &TokenError) -> Self {
        match error.reason {
            TokenReason::TokenInvalidSignature => Self::HandshakeSignature,
            _ => Self::HandshakeToken(error.full_message(None)),
        }
    }
}

/// Checks that a satellite is not configured as its own primary.
pub(crate) fn check_satellite(context: &Context<'_>) -> Result<(), AuthenticateError> {
    let sign_in_url = context
        .configuration
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

/// What to check when the same visitor is redirected for the third time.
pub(crate) fn redirect_loop_advice(reason: &Reason) -> &'static str {
    match reason {
        Reason::SatelliteCookieNeedsSyncing => {
            "syncing with the primary domain causes a redirect loop: check that the satellite's domain is set up in \
             the Clerk Dashboard and that CLERK_SIGN_IN_URL is a page of the primary that runs Clerk"
        }
        Reason::ActiveOrganizationMismatch => {
            "activating the organization of the URL causes a redirect loop: it may not exist, or the user may not be a \
             member of it"
        }
        _ => {
            "the handshake causes a redirect loop: check that CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY belong to \
             the same instance"
        }
    }
}
