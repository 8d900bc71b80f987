//! Browsers: the client, and the dev browser that replaces its cookie in development.

use serde::{Deserialize, Serialize};

use crate::{id, store::Document};

use super::{SignIn, SignUp};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// The value of a production instance's `__client` cookie, and what a native app sends in `Authorization`.
    pub(crate) token: String,
    pub(crate) session_ids: Vec<String>,
    pub(crate) last_active_session_id: Option<String>,
    pub(crate) last_authentication_strategy: Option<String>,
    pub(crate) sign_in: Option<SignIn>,
    pub(crate) sign_up: Option<SignUp>,
    /// On the real clock, as `updated_at`.
    pub(crate) created_at: i64,
    /// When its sessions last changed, on the real clock: the value of `__client_uat`. Older tokens are rejected.
    pub(crate) updated_at: i64,
}

impl Document for Client {
    const KIND: &'static str = "client";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}

impl Client {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            id: id::new("client", now),
            token: id::secret(),
            session_ids: Vec::new(),
            last_active_session_id: None,
            last_authentication_strategy: None,
            sign_in: None,
            sign_up: None,
            created_at: now,
            updated_at: now,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct DevBrowser {
    /// The dev browser token, `__clerk_db_jwt`.
    pub(crate) id: String,
    pub(crate) client_id: Option<String>,
    pub(crate) created_at: i64,
}

impl Document for DevBrowser {
    const KIND: &'static str = "dev_browser";
    fn id(&self) -> &str {
        &self.id
    }
}

impl DevBrowser {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            id: id::new("dvb", now),
            client_id: None,
            created_at: now,
        }
    }
}
