//! Why a request is not signed in, in Clerk's own words.

use std::fmt;

/// Why a request is not signed in: the value of `x-clerk-auth-reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The client says it is signed in, but sent no session token.
    ClientUatWithoutSessionToken,
    /// A development browser is not known yet.
    DevBrowserMissing,
    /// The development browser came in the URL.
    DevBrowserSync,
    /// A development primary answers its satellite.
    PrimaryRespondsToSyncing,
    /// A signed-in page was reached from another site, where a satellite may have changed the session.
    PrimaryDomainCrossOriginSync,
    /// A satellite has to ask its primary.
    SatelliteCookieNeedsSyncing,
    /// Nobody is signed in.
    SessionTokenAndUatMissing,
    /// The handshake brought no session.
    SessionTokenMissing,
    /// The session token has expired, and refreshing it did not work for the reason given.
    SessionTokenExpired(RefreshError),
    /// The client signed in or out after the session token was made.
    SessionTokenIatBeforeClientUat,
    /// The session token is not valid yet.
    SessionTokenNbf,
    /// The session token was made in the future.
    SessionTokenIatInTheFuture,
    /// There is a session token, but the client says it is signed out.
    SessionTokenWithoutClientUat,
    /// The URL asks for another organization than the active one.
    ActiveOrganizationMismatch,
    /// A machine token, or a token made from a JWT template, where a session token is expected.
    TokenTypeMismatch,
    /// Something outside failed, such as the connection to the Backend API.
    UnexpectedError,
    /// The token was refused.
    Token(TokenReason),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientUatWithoutSessionToken => "client-uat-but-no-session-token",
            Self::DevBrowserMissing => "dev-browser-missing",
            Self::DevBrowserSync => "dev-browser-sync",
            Self::PrimaryRespondsToSyncing => "primary-responds-to-syncing",
            Self::PrimaryDomainCrossOriginSync => "primary-domain-cross-origin-sync",
            Self::SatelliteCookieNeedsSyncing => "satellite-needs-syncing",
            Self::SessionTokenAndUatMissing => "session-token-and-uat-missing",
            Self::SessionTokenMissing => "session-token-missing",
            Self::SessionTokenExpired(refresh) => {
                return write!(f, "session-token-expired-refresh-{refresh}");
            }
            Self::SessionTokenIatBeforeClientUat => "session-token-iat-before-client-uat",
            Self::SessionTokenNbf => "session-token-nbf",
            Self::SessionTokenIatInTheFuture => "session-token-iat-in-the-future",
            Self::SessionTokenWithoutClientUat => "session-token-but-no-client-uat",
            Self::ActiveOrganizationMismatch => "active-organization-mismatch",
            Self::TokenTypeMismatch => "token-type-mismatch",
            Self::UnexpectedError => "unexpected-error",
            Self::Token(reason) => reason.as_str(),
        })
    }
}

/// Why an expired session token was not refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefreshError {
    NoRefreshCookie,
    NotGet,
    /// The refreshed session token was refused.
    InvalidSessionToken,
    DecodeFailed,
    MissingSid,
    /// The Backend API could not be reached.
    Fetch,
    /// The Backend API answered without cookies.
    NoCookies,
    /// The Backend API answered with an error that cannot be read.
    UnknownApiError,
    /// The Backend API's error code.
    Api(String),
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRefreshCookie => "non-eligible-no-refresh-cookie",
            Self::NotGet => "non-eligible-non-get",
            Self::InvalidSessionToken => "invalid-session-token",
            Self::DecodeFailed => "expired-session-token-decode-failed",
            Self::MissingSid => "expired-session-token-missing-sid-claim",
            Self::Fetch => "fetch-error",
            Self::NoCookies => "unexpected-sdk-error",
            Self::UnknownApiError => "unexpected-bapi-error",
            Self::Api(code) => code,
        })
    }
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenReason {
    TokenExpired,
    TokenInvalid,
    TokenInvalidAlgorithm,
    TokenInvalidAuthorizedParties,
    TokenInvalidIssuer,
    TokenInvalidSignature,
    TokenNotActiveYet,
    TokenIatInTheFuture,
    TokenVerificationFailed,
    SecretKeyInvalid,
    JwksFailedToLoad,
    KidMismatch,
}

impl TokenReason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokenExpired => "token-expired",
            Self::TokenInvalid => "token-invalid",
            Self::TokenInvalidAlgorithm => "token-invalid-algorithm",
            Self::TokenInvalidAuthorizedParties => "token-invalid-authorized-parties",
            Self::TokenInvalidIssuer => "token-invalid-issuer",
            Self::TokenInvalidSignature => "token-invalid-signature",
            Self::TokenNotActiveYet => "token-not-active-yet",
            Self::TokenIatInTheFuture => "token-iat-in-the-future",
            Self::TokenVerificationFailed => "token-verification-failed",
            Self::SecretKeyInvalid => "secret-key-invalid",
            Self::JwksFailedToLoad => "jwk-remote-failed-to-load",
            Self::KidMismatch => "jwk-kid-mismatch",
        }
    }
}

/// Where a token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Header,
    Cookie,
}

/// A refused token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct TokenError {
    pub(super) reason: TokenReason,
    pub(super) message: String,
    /// What to do, where there is something to do.
    action: &'static str,
}

impl TokenError {
    pub(super) fn new(reason: TokenReason, message: impl Into<String>) -> Self {
        let action = match reason {
            TokenReason::TokenInvalid
            | TokenReason::TokenInvalidAlgorithm
            | TokenReason::TokenInvalidIssuer
            | TokenReason::TokenVerificationFailed => "Make sure that this is a valid Clerk-generated JWT.",
            TokenReason::SecretKeyInvalid | TokenReason::JwksFailedToLoad => "Contact support@clerk.com",
            TokenReason::KidMismatch => {
                "Go to your Dashboard and validate your secret and public keys are correct. \
                 Contact support@clerk.com if the issue persists."
            }
            _ => "",
        };
        Self {
            reason,
            message: message.into(),
            action,
        }
    }

    /// What has not the form of a JWT.
    pub(super) fn malformed(message: &str) -> Self {
        Self {
            reason: TokenReason::TokenInvalid,
            message: message.to_owned(),
            action: "",
        }
    }

    /// The message of `x-clerk-auth-message`.
    pub(super) fn full_message(&self, carrier: Option<Carrier>) -> String {
        let Self {
            reason,
            message,
            action,
        } = self;
        let space = if action.is_empty() { "" } else { " " };
        let carrier = match carrier {
            Some(Carrier::Header) => "header",
            Some(Carrier::Cookie) => "cookie",
            None => "undefined",
        };
        format!(
            "{message}{space}{action} (reason={}, token-carrier={carrier})",
            reason.as_str()
        )
    }
}

/// A token could not be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum VerifyError {
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Not the token's fault: the signing keys could not be asked for.
    #[error("{0}")]
    Unexpected(String),
}
