//! Who may sign up: the allow list, the block list, and the rules beside them.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    store::{self, Document},
};

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Restrictions {
    pub(super) allowlist: bool,
    pub(super) blocklist: bool,
    pub(super) block_email_subaddresses: bool,
}

impl Document for Restrictions {
    const KIND: &'static str = "restrictions";
    fn id(&self) -> &str {
        "restrictions"
    }
}

/// One line of a list: an e-mail address, all of a domain (`*@example.com`), or a phone number.
#[derive(Serialize, Deserialize)]
pub(super) struct ListedIdentifier {
    pub(super) id: String,
    list: List,
    identifier: String,
    created_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    Allow,
    Block,
}

impl List {
    /// The `object` of its lines.
    pub(super) const fn object(self) -> &'static str {
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
    pub(super) fn new(list: List, identifier: &str, now: i64) -> Self {
        let prefix = match list {
            List::Allow => "alid",
            List::Block => "blid",
        };
        Self {
            id: id::new(prefix),
            list,
            identifier: identifier.to_lowercase(),
            created_at: now,
        }
    }

    pub(super) fn is_on(&self, list: List) -> bool {
        self.list == list
    }

    fn covers(&self, identifier: &str) -> bool {
        match self.identifier.strip_prefix('*') {
            Some(domain) => identifier.ends_with(domain),
            None => self.identifier == identifier,
        }
    }

    pub(super) fn json(&self, instance_id: &str) -> Value {
        let is_address = self.identifier.contains('@');
        let mut json = json!({
            "object": self.list.object(),
            "id": self.id,
            "identifier": self.identifier,
            "identifier_type": if is_address { "email_address" } else { "phone_number" },
            "instance_id": instance_id,
            "created_at": self.created_at,
            "updated_at": self.created_at,
        });
        if self.list == List::Allow {
            json["invitation_id"] = json!("");
        }
        json
    }
}

impl Call<'_> {
    pub(super) fn restrictions(&self) -> Result<Restrictions, store::Error> {
        Ok(self.store.get("restrictions")?.unwrap_or_default())
    }

    /// May somebody sign up with this e-mail address or phone number?
    pub(super) fn check_may_sign_up(&self, identifier: &str, param: &str) -> Result<(), Error> {
        let restrictions = self.restrictions()?;
        let is_listed = |list: List| {
            let lines = self.store.of::<ListedIdentifier>(list.object())?;
            Ok::<_, store::Error>(lines.iter().any(|line| line.covers(identifier)))
        };
        let is_refused = restrictions.allowlist && !is_listed(List::Allow)?
            || restrictions.blocklist && is_listed(List::Block)?;
        if is_refused {
            let why = format!("{identifier} is not allowed to access this application.");
            return Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed_access", why).into());
        }
        let local = identifier.rsplit_once('@').map(|(local, _)| local);
        if restrictions.block_email_subaddresses && local.is_some_and(|local| local.contains(['+', '=', '#']))
        {
            let why = "E-mail addresses with a subaddress, such as jane+news@example.com, are not allowed.";
            return Err(ApiError::form("form_email_address_blocked", param, why).into());
        }
        Ok(())
    }
}
