//! Tickets that a backend hands out: sign-in tokens, and actor tokens to impersonate a user.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::{id, store::Document};

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

impl SignInToken {
    pub(in super::super) fn new(
        prefix: &str,
        user_id: String,
        actor: Option<Value>,
        expire_at: i64,
        now: i64,
    ) -> Self {
        Self {
            id: id::new(prefix),
            token: id::secret(),
            user_id,
            actor,
            status: "pending".to_owned(),
            expire_at,
            created_at: now,
            updated_at: now,
        }
    }

    /// The address in the app that redeems it.
    pub(in super::super) fn url(&self, app: &str) -> String {
        format!("{app}/sign-in?__clerk_ticket={}", self.token)
    }
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
