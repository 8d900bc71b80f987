//! Sessions, the browsers they were seen in, and the nonces that hand them to a server.

use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    super::{id, store::Document},
    DAY, MINUTE, Reverification,
};

#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Session {
    pub(in super::super) id: String,
    pub(in super::super) user_id: String,
    pub(in super::super) client_id: String,
    pub(in super::super) status: String,
    /// Given to the app's server at a handshake, to ask for tokens without the browser.
    pub(in super::super) refresh_token: String,
    pub(in super::super) first_factor_at: i64,
    pub(in super::super) second_factor_at: Option<i64>,
    /// The last one that was begun.
    #[serde(default)]
    pub(in super::super) reverification: Option<Reverification>,
    pub(in super::super) last_active_organization_id: Option<String>,
    pub(in super::super) actor: Option<Value>,
    pub(in super::super) activity: Activity,
    pub(in super::super) created_at: i64,
    pub(in super::super) updated_at: i64,
    pub(in super::super) last_active_at: i64,
    pub(in super::super) expire_at: i64,
    pub(in super::super) abandon_at: i64,
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
    pub(in super::super) fn new(user_id: &str, client_id: &str, activity: Activity, now: i64) -> Self {
        Self {
            id: id::new("sess"),
            user_id: user_id.to_owned(),
            client_id: client_id.to_owned(),
            status: "active".to_owned(),
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

    pub(in super::super) fn is_active(&self, now: i64) -> bool {
        self.status == "active" && self.expire_at > now
    }

    /// Closes it as `ended`, `removed` or `revoked`.
    pub(in super::super) fn close(&mut self, status: &str, now: i64) {
        status.clone_into(&mut self.status);
        self.updated_at = now;
    }

    /// Minutes since the first and the second factor, -1 where there was none: the `fva` claim.
    pub(in super::super) fn factor_verification_age(&self, now: i64) -> [i64; 2] {
        let age = |at: i64| (now - at).max(0) / MINUTE;
        [age(self.first_factor_at), self.second_factor_at.map_or(-1, age)]
    }
}

/// The device of a session, as far as its headers tell.
#[derive(Clone, Serialize, Deserialize)]
pub(in super::super) struct Activity {
    pub(in super::super) id: String,
    pub(in super::super) device_type: Option<String>,
    pub(in super::super) is_mobile: bool,
    pub(in super::super) browser_name: Option<String>,
    pub(in super::super) browser_version: Option<String>,
    pub(in super::super) ip_address: Option<String>,
}

impl Activity {
    pub(in super::super) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let agent = text(header::USER_AGENT.as_str()).unwrap_or_default();
        let browser = [
            ("Edg/", "Edge"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Version/", "Safari"),
        ]
        .into_iter()
        .find_map(|(mark, name)| Some((name, agent.split_once(mark)?.1)));
        let device = ["iPhone", "iPad", "Android", "Macintosh", "Windows", "Linux"]
            .into_iter()
            .find(|device| agent.contains(device));
        let version = |rest: &str| rest.split(['.', ' ']).next().map(str::to_owned);
        Self {
            id: id::new("sess_activity"),
            device_type: device.map(str::to_owned),
            is_mobile: agent.contains("Mobile"),
            browser_name: browser.map(|(name, _)| name.to_owned()),
            browser_version: browser.and_then(|(_, rest)| version(rest)),
            ip_address: text("x-forwarded-for")
                .and_then(|all| all.split(',').next())
                .map(|ip| ip.trim().to_owned()),
        }
    }
}

/// Cookies waiting for the app's server to fetch them, once.
#[derive(Serialize, Deserialize)]
pub(in super::super) struct Nonce {
    pub(in super::super) id: String,
    pub(in super::super) directives: Vec<String>,
    pub(in super::super) expire_at: i64,
}

impl Document for Nonce {
    const KIND: &'static str = "nonce";
    fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activity_is_read_from_the_user_agent() {
        let mut headers = HeaderMap::new();
        assert_eq!(Activity::of(&headers).browser_name, None);
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        headers.insert("x-forwarded-for", "127.0.0.1, ::1".parse().unwrap());
        let activity = Activity::of(&headers);
        assert_eq!(activity.browser_name.as_deref(), Some("Chrome"));
        assert_eq!(activity.browser_version.as_deref(), Some("156"));
        assert_eq!(activity.device_type.as_deref(), Some("Linux"));
        assert_eq!(activity.ip_address.as_deref(), Some("127.0.0.1"));
    }
}
