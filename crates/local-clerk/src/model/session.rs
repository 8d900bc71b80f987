//! Sessions and their tasks.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{id, store::Document};

use super::{Activity, DAY, MINUTE, Reverification};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    pub(crate) status: SessionStatus,
    /// Handed to the app's server by a handshake, so that it can request tokens without the browser.
    pub(crate) refresh_token: String,
    pub(crate) first_factor_at: i64,
    pub(crate) second_factor_at: Option<i64>,
    /// The last one started.
    #[serde(default)]
    pub(crate) reverification: Option<Reverification>,
    pub(crate) last_active_organization_id: Option<String>,
    pub(crate) actor: Option<Value>,
    pub(crate) activity: Activity,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_active_at: i64,
    pub(crate) expire_at: i64,
    pub(crate) abandon_at: i64,
}

/// The status of a session, stored or as the API reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SessionStatus {
    Active,
    /// Active but for open tasks; computed, never stored.
    Pending,
    /// Past its expiry; computed, never stored.
    Expired,
    Ended,
    Removed,
    Revoked,
}

/// What a user has to complete before a session becomes active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Task {
    ResetPassword,
    SetupMfa,
    ChooseOrganization,
}

impl Document for Session {
    const KIND: &'static str = "session";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.user_id)
    }
}

impl Session {
    pub(crate) fn new(user_id: &str, client_id: &str, activity: Activity, now: i64) -> Self {
        Self {
            id: id::new("sess", now),
            user_id: user_id.to_owned(),
            client_id: client_id.to_owned(),
            status: SessionStatus::Active,
            refresh_token: id::secret(),
            first_factor_at: now,
            second_factor_at: None,
            reverification: None,
            last_active_organization_id: None,
            actor: None,
            activity,
            created_at: now,
            updated_at: now,
            last_active_at: now,
            expire_at: now + 7 * DAY,
            abandon_at: now + 30 * DAY,
        }
    }

    pub(crate) fn is_active(&self, now: i64) -> bool {
        self.status == SessionStatus::Active && self.expire_at > now
    }

    /// Closes the session as ended, removed or revoked.
    pub(crate) fn close(&mut self, status: SessionStatus, now: i64) {
        self.status = status;
        self.updated_at = now;
    }

    /// Returns the minutes since the first and the second factor, -1 for none: the `fva` claim.
    pub(crate) fn factor_verification_age(&self, now: i64) -> [i64; 2] {
        let age = |at: i64| (now - at).max(0) / MINUTE;
        [age(self.first_factor_at), self.second_factor_at.map_or(-1, age)]
    }
}
