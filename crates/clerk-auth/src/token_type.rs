//! [`TokenType`] and [`AcceptsToken`]: which kinds of token a program accepts.

use serde::{Deserialize, Serialize};

/// The kinds of token that Clerk issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenType {
    /// The token of a user's session, from a cookie or the `Authorization` header.
    SessionToken,
    /// An API key that a user or an organization has made: `ak_…`.
    ApiKey,
    /// A token by which one machine calls another: `mt_…`, or a JWT.
    #[serde(rename = "m2m_token")]
    M2mToken,
    /// The access token of an OAuth application: `oat_…`, or a JWT.
    #[serde(rename = "oauth_token")]
    OAuthToken,
}

impl TokenType {
    /// Clerk's name, such as `session_token`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionToken => "session_token",
            Self::ApiKey => "api_key",
            Self::M2mToken => "m2m_token",
            Self::OAuthToken => "oauth_token",
        }
    }
}

/// The kinds of token that are accepted: `acceptsToken` in Clerk's JavaScript SDKs.
///
/// ```
/// use clerk_auth::{AcceptsToken, TokenType};
///
/// assert!(AcceptsToken::default().includes(TokenType::SessionToken));
/// let accepted = AcceptsToken::from([TokenType::SessionToken, TokenType::ApiKey]);
/// assert!(accepted.includes(TokenType::ApiKey) && !accepted.includes(TokenType::M2mToken));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptsToken {
    /// Any kind.
    Any,
    /// This kind only.
    Only(TokenType),
    /// One of these kinds.
    OneOf(Vec<TokenType>),
}

impl AcceptsToken {
    /// Whether this kind is accepted.
    #[must_use]
    pub fn includes(&self, token_type: TokenType) -> bool {
        match self {
            Self::Any => true,
            Self::Only(only) => *only == token_type,
            Self::OneOf(types) => types.contains(&token_type),
        }
    }
}

impl Default for AcceptsToken {
    /// Session tokens only.
    fn default() -> Self {
        Self::Only(TokenType::SessionToken)
    }
}

impl From<TokenType> for AcceptsToken {
    fn from(token_type: TokenType) -> Self {
        Self::Only(token_type)
    }
}

impl<const N: usize> From<[TokenType; N]> for AcceptsToken {
    fn from(types: [TokenType; N]) -> Self {
        Self::OneOf(types.into())
    }
}
