//! What the tests of this room share.

use std::time::Duration;

use url::Url;

use super::options::Options;

/// Of the host `clerk.clerk.dev`.
pub(super) const DEV_KEY: &str = "pk_test_Y2xlcmsuY2xlcmsuZGV2JA";
pub(super) const LIVE_KEY: &str = "pk_live_Y2xlcmsuY2xlcmsuZGV2JA";

pub(super) fn options() -> Options {
    options_with_key(DEV_KEY)
}

/// The options of an instance without any frills, with a secret key of the same type.
pub(super) fn options_with_key(publishable_key: &str) -> Options {
    let secret_key = if publishable_key.starts_with("pk_live_") {
        "sk_live_deadbeef"
    } else {
        "sk_test_deadbeef"
    };
    Options {
        publishable_key: publishable_key.to_owned(),
        secret_key: secret_key.into(),
        jwt_key: None,
        api_url: Url::parse("http://127.0.0.1:9").unwrap(),
        api_version: "v1".to_owned(),
        proxy_url: None,
        fapi_url: None,
        domain: None,
        is_satellite: false,
        satellite_auto_sync: false,
        sign_in_url: None,
        sign_up_url: None,
        authorized_parties: Vec::new(),
        issuers: Vec::new(),
        organization_patterns: Vec::new(),
        personal_account_patterns: Vec::new(),
        clock_skew: Duration::from_secs(5),
    }
}
