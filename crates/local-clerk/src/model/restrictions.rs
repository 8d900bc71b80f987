//! The allowlist, the blocklist and related restrictions on signing up.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Restrictions {
    pub(crate) allowlist: bool,
    pub(crate) blocklist: bool,
    pub(crate) block_email_subaddresses: bool,
}

impl Restrictions {
    pub(crate) const ID: &str = "restrictions";
}

impl Document for Restrictions {
    const KIND: &'static str = "restrictions";
    fn id(&self) -> &str {
        Self::ID
    }
}

/// An entry of a list: an e-mail address, a whole domain (`*@example.com`), or a phone number.
#[derive(Serialize, Deserialize)]
pub(crate) struct ListedIdentifier {
    pub(crate) id: String,
    pub(crate) list: List,
    pub(crate) identifier: String,
    pub(crate) created_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum List {
    Allow,
    Block,
}

impl List {
    /// Returns the `object` of its entries.
    pub(crate) const fn object(self) -> &'static str {
        match self {
            Self::Allow => "allowlist_identifier",
            Self::Block => "blocklist_identifier",
        }
    }
}

impl Document for ListedIdentifier {
    const KIND: &'static str = "listed_identifier";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(self.list.object())
    }
}

impl ListedIdentifier {
    pub(crate) fn new(list: List, identifier: &str, now: i64) -> Self {
        let prefix = match list {
            List::Allow => "alid",
            List::Block => "blid",
        };
        Self {
            id: id::new(prefix, now),
            list,
            identifier: identifier.to_lowercase(),
            created_at: now,
        }
    }

    pub(crate) fn covers(&self, identifier: &str) -> bool {
        match self.identifier.strip_prefix('*') {
            Some(domain) => identifier.ends_with(domain),
            None => self.identifier == identifier,
        }
    }
}
