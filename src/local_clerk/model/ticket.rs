//! Tickets that a backend hands out: sign-in tokens, and actor tokens to impersonate a user.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::store::Document;

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct SignInToken {
    pub(in super::super) id: String,
    /// The ticket itself.
    pub(in super::super) token: String,
    pub(in super::super) user_id: String,
    /// Who impersonates the user: makes it an actor token.
    #[serde(default)]
    pub(in super::super) actor: Option<Value>,
    /// `pending`, `accepted` or `revoked`.
    pub(in super::super) status: String,
    pub(in super::super) expire_at: i64,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
}

impl Document for SignInToken {
    const KIND: &'static str = "sign_in_token";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}
