//! Machines: programs that authenticate to each other by tokens.

use serde::{Deserialize, Serialize};

use crate::store::Document;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    /// The previous secret, and when it expires.
    pub(crate) previous_secret: Option<(String, i64)>,
    /// The ids of the machines that this one may call.
    pub(crate) scopes: Vec<String>,
    /// The default lifetime of its tokens, in seconds.
    pub(crate) token_lifetime: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Document for Machine {
    const KIND: &'static str = "machine";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Machine {
    /// Tells whether a secret is the current one, or the previous one before it expires.
    pub(crate) fn has_secret(&self, secret: &str, now: i64) -> bool {
        let previous = self.previous_secret.as_ref();
        self.secret == secret || previous.is_some_and(|(old, until)| old == secret && *until > now)
    }
}
