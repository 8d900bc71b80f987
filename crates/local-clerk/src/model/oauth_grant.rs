//! What users have allowed OAuth applications, and the tokens that these have got for it.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

use super::{DAY, MINUTE};

/// The permission that an application has got by one authorization request. Its tokens belong to it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OauthGrant {
    pub(crate) id: String,
    /// The authorization code, for which the application gets its first tokens.
    pub(crate) code: String,
    pub(crate) code_expires_at: i64,
    pub(crate) code_redeemed: bool,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) scopes: Vec<String>,
    /// The one that the user acts for, if the scopes tell it.
    pub(crate) organization_id: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    /// When the user signed in.
    pub(crate) authenticated_at: i64,
    pub(crate) revoked: bool,
}

impl Document for OauthGrant {
    const KIND: &'static str = "oauth_grant";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.code)
    }
}

impl OauthGrant {
    pub(crate) const CODE_LIFETIME: i64 = 10 * MINUTE;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OauthTokenKind {
    Access,
    /// An access token that others verify by its signature. It cannot be revoked.
    JwtAccess,
    Refresh,
}

impl OauthTokenKind {
    pub(crate) const fn lifetime(self) -> i64 {
        match self {
            Self::Access | Self::JwtAccess => DAY,
            Self::Refresh => 10 * 365 * DAY,
        }
    }

    pub(crate) const fn is_access(self) -> bool {
        !matches!(self, Self::Refresh)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OauthToken {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) kind: OauthTokenKind,
    pub(crate) grant_id: String,
    pub(crate) scopes: Vec<String>,
    /// Whether a refresh token has been replaced by the next one.
    pub(crate) used: bool,
    pub(crate) expire_at: i64,
    pub(crate) created_at: i64,
}

impl Document for OauthToken {
    const KIND: &'static str = "oauth_token";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}

impl OauthToken {
    /// A token of a grant. That of a JWT is set later.
    pub(crate) fn new(kind: OauthTokenKind, grant: &OauthGrant, scopes: Vec<String>, now: i64) -> Self {
        let prefix = if kind.is_access() { "oat" } else { "ort" };
        Self {
            id: id::hexadecimal(prefix),
            token: format!("{prefix}_{}", id::secret()),
            kind,
            grant_id: grant.id.clone(),
            scopes,
            used: false,
            expire_at: now + kind.lifetime(),
            created_at: now,
        }
    }

    /// Tells whether whoever verifies the token learns that it has been revoked.
    pub(crate) fn can_be_revoked(&self) -> bool {
        self.kind != OauthTokenKind::JwtAccess
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// The scopes that a user has allowed an application before, for which it needs not ask again.
#[derive(Serialize, Deserialize)]
pub(crate) struct OauthConsent {
    pub(crate) id: String,
    client_id: String,
    pub(crate) scopes: Vec<String>,
}

impl Document for OauthConsent {
    const KIND: &'static str = "oauth_consent";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.client_id)
    }
}

impl OauthConsent {
    pub(crate) fn key(client_id: &str, user_id: &str) -> String {
        format!("{user_id} {client_id}")
    }

    pub(crate) fn new(client_id: &str, user_id: &str) -> Self {
        Self {
            id: Self::key(client_id, user_id),
            client_id: client_id.to_owned(),
            scopes: Vec::new(),
        }
    }
}
