//! Browsers: the client, and the dev browser that stands for its cookie in development.

use serde::{Deserialize, Serialize};

use super::{
    super::{id, store::Document},
    SignIn, SignUp,
};

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Client {
    pub(in super::super) id: String,
    /// The value of a production instance's `__client` cookie.
    pub(in super::super) token: String,
    pub(in super::super) session_ids: Vec<String>,
    pub(in super::super) last_active_session_id: Option<String>,
    pub(in super::super) last_authentication_strategy: Option<String>,
    pub(in super::super) sign_in: Option<SignIn>,
    pub(in super::super) sign_up: Option<SignUp>,
    pub(in super::super) created_at: i64,
    /// When its sessions last changed: clerk-js makes it `__client_uat`, and a token older than that
    /// is not believed.
    pub(in super::super) updated_at: i64,
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
    pub(in super::super) fn new(now: i64) -> Self {
        Self {
            id: id::new("client"),
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
pub(in super::super) struct DevBrowser {
    /// The dev browser token, `__clerk_db_jwt`.
    pub(in super::super) id: String,
    pub(in super::super) client_id: Option<String>,
    pub(in super::super) created_at: i64,
}

impl Document for DevBrowser {
    const KIND: &'static str = "dev_browser";
    fn id(&self) -> &str {
        &self.id
    }
}

impl DevBrowser {
    pub(in super::super) fn new(now: i64) -> Self {
        Self {
            id: id::new("dvb"),
            client_id: None,
            created_at: now,
        }
    }
}
