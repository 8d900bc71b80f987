//! Tokens by which machines authenticate to each other.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::store::Document;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct M2mToken {
    pub(crate) id: String,
    pub(crate) token: String,
    /// The id of the machine that the token authenticates.
    pub(crate) subject: String,
    /// The ids of the machines that accept the token.
    pub(crate) scopes: Vec<String>,
    pub(crate) claims: Option<Map<String, Value>>,
    pub(crate) revoked: bool,
    pub(crate) revocation_reason: Option<String>,
    pub(crate) expiration: i64,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for M2mToken {
    const KIND: &'static str = "m2m_token";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}

impl M2mToken {
    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.expiration <= now
    }
}
