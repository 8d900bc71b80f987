//! Tickets that a backend issues: sign-in tokens, and actor tokens that impersonate a user.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{id, store::Document};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignInToken {
    pub(crate) id: String,
    /// The ticket itself.
    pub(crate) token: String,
    pub(crate) user_id: String,
    /// The impersonator, if this is an actor token.
    #[serde(default)]
    pub(crate) actor: Option<Value>,
    pub(crate) status: SignInTokenStatus,
    pub(crate) expire_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SignInTokenStatus {
    Pending,
    Accepted,
    Revoked,
}

impl SignInToken {
    pub(crate) fn new(prefix: &str, user_id: String, actor: Option<Value>, expire_at: i64, now: i64) -> Self {
        Self {
            id: id::new(prefix, now),
            token: id::secret(),
            user_id,
            actor,
            status: SignInTokenStatus::Pending,
            expire_at,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn set_status(&mut self, status: SignInTokenStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }

    /// Returns the URL in the app that redeems the token.
    pub(crate) fn url(&self, app: &str) -> String {
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
