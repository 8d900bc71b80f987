//! Credits of payers, which are applied at checkouts.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

/// A change of a payer's credits. The balance is the sum of all changes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CreditEntry {
    pub(crate) id: String,
    pub(crate) owner_id: String,
    /// In US cents; negative if the credits became fewer.
    pub(crate) cents: i64,
    /// The checkout that the credits were applied to, or the key of a backend's request.
    pub(crate) source: CreditSource,
    pub(crate) note: Option<String>,
    pub(crate) created_at: i64,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "id")]
pub(crate) enum CreditSource {
    Grant(String),
    Checkout(String),
}

impl CreditEntry {
    pub(crate) fn new(owner_id: &str, cents: i64, source: CreditSource, now: i64) -> Self {
        Self {
            id: id::new("ccrl", now),
            owner_id: owner_id.to_owned(),
            cents,
            source,
            note: None,
            created_at: now,
        }
    }
}

impl Document for CreditEntry {
    const KIND: &'static str = "credit_entry";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.owner_id)
    }
}
