//! [`Machine`]: the program that a token other than that of a session belongs to.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::token_type::TokenType;

/// A caller with a valid API key, machine-to-machine token or OAuth access token.
///
/// Serializes as the auth object of Clerk's JavaScript SDKs in snake case.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Machine {
    /// The token's ID, such as `ak_…`; empty for a JWT without a `jti` claim.
    pub id: String,
    /// Whom the token belongs to: `user_…`, `org_…` or `mch_…`.
    pub subject: String,
    /// What the token allows.
    pub scopes: Vec<String>,
    /// The kind of token, with what only this kind has.
    pub token: MachineToken,
}

/// The kind of a [`Machine`]'s token.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum MachineToken {
    /// An API key.
    #[non_exhaustive]
    ApiKey {
        /// The name that its owner has given it.
        name: String,
        /// The claims that were set when it was made.
        claims: Option<Value>,
    },
    /// A machine-to-machine token.
    #[non_exhaustive]
    M2m {
        /// The claims that were set when it was made.
        claims: Option<Value>,
    },
    /// An access token of an OAuth application.
    #[non_exhaustive]
    OAuth {
        /// The ID of the application.
        client_id: String,
    },
}

impl Machine {
    /// Creates a caller with an API key of which nothing else is known, for tests.
    #[must_use]
    pub fn with_api_key(id: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            subject: subject.into(),
            scopes: Vec::new(),
            token: MachineToken::ApiKey {
                name: String::new(),
                claims: None,
            },
        }
    }

    /// The kind of the token.
    #[must_use]
    pub const fn token_type(&self) -> TokenType {
        match self.token {
            MachineToken::ApiKey { .. } => TokenType::ApiKey,
            MachineToken::M2m { .. } => TokenType::M2mToken,
            MachineToken::OAuth { .. } => TokenType::OAuthToken,
        }
    }

    /// The user for whom the program acts: the owner of an API key, or who has authorized an OAuth application.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self.token {
            MachineToken::ApiKey { .. } => {
                Some(&*self.subject).filter(|subject| subject.starts_with("user_"))
            }
            MachineToken::OAuth { .. } => Some(&self.subject),
            MachineToken::M2m { .. } => None,
        }
    }

    /// The organization that owns an API key.
    #[must_use]
    pub fn org_id(&self) -> Option<&str> {
        let is_api_key = self.token_type() == TokenType::ApiKey;
        Some(&*self.subject).filter(|subject| is_api_key && subject.starts_with("org_"))
    }

    /// Whether the token has this scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

impl Serialize for Machine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Common<'a> {
            token_type: TokenType,
            id: &'a str,
            subject: &'a str,
            scopes: &'a [String],
            #[serde(flatten)]
            own: Own<'a>,
        }
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Own<'a> {
            ApiKey {
                name: &'a str,
                claims: &'a Option<Value>,
                user_id: Option<&'a str>,
                org_id: Option<&'a str>,
            },
            M2m {
                claims: &'a Option<Value>,
                machine_id: &'a str,
            },
            OAuth {
                user_id: &'a str,
                client_id: &'a str,
            },
        }
        Common {
            token_type: self.token_type(),
            id: &self.id,
            subject: &self.subject,
            scopes: &self.scopes,
            own: match &self.token {
                MachineToken::ApiKey { name, claims } => Own::ApiKey {
                    name,
                    claims,
                    user_id: self.user_id(),
                    org_id: self.org_id(),
                },
                MachineToken::M2m { claims } => Own::M2m {
                    claims,
                    machine_id: &self.subject,
                },
                MachineToken::OAuth { client_id } => Own::OAuth {
                    user_id: &self.subject,
                    client_id,
                },
            },
        }
        .serialize(serializer)
    }
}
