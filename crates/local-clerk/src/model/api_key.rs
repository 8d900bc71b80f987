//! API keys of users and organizations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{id, store::Document};

#[derive(Serialize, Deserialize)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The id of the user or organization that the key represents.
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) claims: Option<Map<String, Value>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) revoked: bool,
    pub(crate) revocation_reason: Option<String>,
    pub(crate) expiration: Option<i64>,
    pub(crate) created_by: Option<String>,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for ApiKey {
    const KIND: &'static str = "api_key";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.secret)
    }
}

impl ApiKey {
    pub(crate) fn new(subject: String, name: String, now: i64) -> Self {
        Self {
            id: id::hexadecimal("ak"),
            secret: format!("ak_{}", id::secret()),
            subject,
            name,
            description: None,
            claims: None,
            scopes: Vec::new(),
            revoked: false,
            revocation_reason: None,
            expiration: None,
            created_by: None,
            last_used_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.expiration.is_some_and(|at| at <= now)
    }
}
