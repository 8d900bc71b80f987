//! Why a request is not signed in, by the codes of the official package.

use std::fmt;

/// Why a request is not signed in. Displays as the value of `x-clerk-auth-reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The client claims to be signed in but sent no session token.
    ClientUatWithoutSessionToken,
    /// A development browser without its browser token.
    DevBrowserMissing,
    /// A development browser's token arrived in the URL.
    DevBrowserSync,
    /// A primary in development sends the visitor back to its satellite.
    PrimaryRespondsToSyncing,
    /// A signed-in visitor came from another site, which may be a satellite that changed the session.
    PrimaryDomainCrossOriginSync,
    /// A satellite must ask its primary for the session.
    SatelliteCookieNeedsSyncing,
    /// There is no session token and the client does not claim to be signed in.
    SessionTokenAndUatMissing,
    /// The result of a handshake is in the URL of a production instance, which is redirected to the URL without it.
    HandshakeInQuery,
    /// The handshake returned no session.
    SessionTokenMissing,
    /// The session token has expired and could not be refreshed.
    SessionTokenExpired(RefreshError),
    /// The client signed in or out after the session token was issued.
    SessionTokenIatBeforeClientUat,
    /// The session token is not valid yet (`nbf`).
    SessionTokenNbf,
    /// The session token was issued in the future (`iat`).
    SessionTokenIatInTheFuture,
    /// There is a session token, but the client claims to be signed out.
    SessionTokenWithoutClientUat,
    /// The URL belongs to another organization than the active one.
    ActiveOrganizationMismatch,
    /// The token is of a kind that is not accepted, such as a machine token where a session token is required.
    TokenTypeMismatch,
    /// Only the tokens of programs are accepted, and there is none in the `Authorization` header.
    NoTokenInHeader,
    /// The Backend API could not be reached, or the claims of a valid token could not be read.
    UnexpectedError,
    /// The session token was rejected.
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
            Self::HandshakeInQuery => "handshake-in-query",
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
            Self::NoTokenInHeader => "No token in header",
            Self::UnexpectedError => "unexpected-error",
            Self::Token(reason) => reason.as_str(),
        })
    }
}

/// Why an expired session token was not refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshError {
    /// The request has no refresh cookie.
    NoRefreshCookie,
    /// Only `GET` requests are refreshed.
    NotGet,
    /// The refreshed session token was rejected.
    InvalidSessionToken,
    /// The expired token could not be decoded.
    DecodeFailed,
    /// The expired token has no `sid` claim.
    MissingSid,
    /// The Backend API could not be reached.
    Fetch,
    /// The response of the Backend API has no cookies.
    NoCookies,
    /// The Backend API responded with an error that has no code.
    UnknownApiError,
    /// The Backend API responded with this error code.
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

/// Why a token was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenReason {
    /// The token has expired (`exp`).
    TokenExpired,
    /// The token is not a JWT, or not one of the expected type or category.
    TokenInvalid,
    /// The token's algorithm is not RS256, RS384 or RS512.
    TokenInvalidAlgorithm,
    /// `azp` is not one of the authorized parties.
    TokenInvalidAuthorizedParties,
    /// `iss` is not one of the allowed issuers.
    TokenInvalidIssuer,
    /// The signature is not by the instance's key.
    TokenInvalidSignature,
    /// The token is not valid yet (`nbf`).
    TokenNotActiveYet,
    /// The token was issued in the future (`iat`).
    TokenIatInTheFuture,
    /// A claim has the wrong type, or the key is not for the token's algorithm.
    TokenVerificationFailed,
    /// The Backend API rejects the secret key.
    SecretKeyInvalid,
    /// The signing keys could not be loaded.
    JwksFailedToLoad,
    /// The instance has no signing key with the token's key ID.
    KidMismatch,
}

impl TokenReason {
    /// The code of the official package, such as `token-expired`.
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
