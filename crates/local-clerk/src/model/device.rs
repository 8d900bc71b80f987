//! The devices that sessions are used on.

use serde::{Deserialize, Serialize};

use crate::id;

/// The device that sent a request, as far as its headers tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    pub(crate) user_agent: String,
    /// The address that the outermost proxy saw.
    pub(crate) ip_address: Option<String>,
}

/// The device of a session, as far as its headers tell.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Activity {
    pub(crate) id: String,
    pub(crate) device_type: Option<String>,
    pub(crate) is_mobile: bool,
    pub(crate) browser_name: Option<String>,
    pub(crate) browser_version: Option<String>,
    pub(crate) ip_address: Option<String>,
}

impl Activity {
    pub(crate) fn of(device: &Device, now: i64) -> Self {
        let agent = &device.user_agent;
        let browser = [
            ("Edg/", "Edge"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Version/", "Safari"),
        ]
        .into_iter()
        .find_map(|(mark, name)| Some((name, agent.split_once(mark)?.1)));
        let device_type = ["iPhone", "iPad", "Android", "Macintosh", "Windows", "Linux"]
            .into_iter()
            .find(|device| agent.contains(device));
        let version = |rest: &str| rest.split(['.', ' ']).next().map(str::to_owned);
        Self {
            id: id::new("sess_activity", now),
            device_type: device_type.map(str::to_owned),
            is_mobile: agent.contains("Mobile"),
            browser_name: browser.map(|(name, _)| name.to_owned()),
            browser_version: browser.and_then(|(_, rest)| version(rest)),
            ip_address: device.ip_address.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activity_is_read_from_the_user_agent() {
        assert_eq!(Activity::of(&Device::default(), 0).browser_name, None);
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let device = Device {
            user_agent: agent.to_owned(),
            ip_address: Some("127.0.0.1".to_owned()),
        };
        let activity = Activity::of(&device, 0);
        assert_eq!(activity.browser_name.as_deref(), Some("Chrome"));
        assert_eq!(activity.browser_version.as_deref(), Some("156"));
        assert_eq!(activity.device_type.as_deref(), Some("Linux"));
        assert_eq!(activity.ip_address.as_deref(), Some("127.0.0.1"));
    }
}
