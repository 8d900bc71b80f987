//! Publishable keys.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::backend::javascript::atob;

/// Whether an instance is for development or production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceType {
    /// Keys start with `pk_test_` and `sk_test_`.
    Development,
    /// Keys start with `pk_live_` and `sk_live_`.
    Production,
}

/// A well-formed publishable key: `pk_test_` or `pk_live_`, and the base64 of `<Frontend API host>$`.
///
/// ```
/// use clerk_auth::{InstanceType, PublishableKey};
///
/// let key = PublishableKey::parse("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k").unwrap();
/// assert_eq!(key.instance_type(), InstanceType::Development);
/// assert_eq!(key.frontend_api(), "clerk.example.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishableKey {
    text: String,
    instance_type: InstanceType,
    frontend_api: String,
}

impl PublishableKey {
    /// Parses a key. `None` if the text is not a publishable key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (instance_type, encoded) = if let Some(encoded) = text.strip_prefix("pk_test_") {
            (InstanceType::Development, encoded)
        } else {
            (InstanceType::Production, text.strip_prefix("pk_live_")?)
        };
        let decoded = String::from_utf8(atob(encoded)?).ok()?;
        let frontend_api = decoded.strip_suffix('$')?;
        let is_host = frontend_api.is_ascii() && !frontend_api.contains('$') && frontend_api.contains('.');
        is_host.then(|| Self {
            text: text.to_owned(),
            instance_type,
            frontend_api: frontend_api.to_owned(),
        })
    }

    /// The key as it was configured.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the key belongs to a development or a production instance.
    #[must_use]
    pub const fn instance_type(&self) -> InstanceType {
        self.instance_type
    }

    /// The Frontend API host in the key.
    #[must_use]
    pub fn frontend_api(&self) -> &str {
        &self.frontend_api
    }

    /// The suffix of the names of this instance's cookies, as in `__session_1Z8AzTQD`. It is a hash of the
    /// key as it was configured: a padded and an unpadded spelling of the same key have different suffixes.
    #[must_use]
    pub fn cookie_suffix(&self) -> String {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, self.text.as_bytes());
        let mut suffix = STANDARD.encode(digest).replace('+', "-").replace('/', "_");
        suffix.truncate(8);
        suffix
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_host_and_instance_type() {
        let key = PublishableKey::parse("pk_test_Y2xlcmsuY2xlcmsuZGV2JA").unwrap();
        assert_eq!(
            (key.instance_type(), key.frontend_api()),
            (InstanceType::Development, "clerk.clerk.dev")
        );
        let key = PublishableKey::parse("pk_live_ZmFrZS1jbGVyay10ZXN0LmNsZXJrLmFjY291bnRzLmRldiQ=").unwrap();
        assert_eq!(key.instance_type(), InstanceType::Production);
        assert_eq!(key.frontend_api(), "fake-clerk-test.clerk.accounts.dev");
    }

    #[test]
    fn rejects_malformed_keys() {
        let malformed = [
            "",
            "pk_test_",
            "pk_live_",
            "sk_test_Y2xlcmsuY2xlcmsuZGV2JA",
            "pk_prod_Y2xlcmsuY2xlcmsuZGV2JA",
            "pk_test_Y2xlcmsuY2xlcmsuZGV2",         // no `$`
            "pk_test_Y2xlcmsuY2xlcmsuZGV2JCQ",      // two `$`
            "pk_test_Y2xlcmsk",                     // no `.`
            "pk_test_Y2xlcmsuY2xlcmsuZGV2JA_extra", // a fourth part
            "pk_test_Y2xlcmsuY2xlcmsuZGV2J",        // not a length of base64
            "pk_test_Y2xlcmsuY2xlcmsuZGV2JA=",      // wrong padding
            "pk_test_Y2xlcms-Y2xlcmsuZGV2JA",
        ];
        for text in malformed {
            assert_eq!(PublishableKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn cookie_suffixes_are_those_of_the_official_package() {
        let suffixes = [
            ("pk_live_Y2xlcmsuY2xlcmsuZGV2JA", "1Z8AzTQD"),
            ("pk_test_Y2xlcmsuY2xlcmsuZGV2JA", "QvfNY2dr"),
            (
                "pk_live_ZmFrZS1jbGVyay10ZXN0LmNsZXJrLmFjY291bnRzLmRldiQ=",
                "qReyu04C",
            ),
            (
                "pk_test_ZW5vdWdoLWFscGFjYS04Mi5jbGVyay5hY2NvdW50cy5sY2xjbGVyay5jb20k",
                "jtYvyt_H",
            ),
            (
                "pk_test_eHh4eHh4LXhhYWFhYS1hYS5jbGVyay5hY2NvdW50cy5sY2xjbGVyay5jb20k",
                "tZJdb-5s",
            ),
            ("pk_live_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA", "MqCvchyS"),
            ("pk_test_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA", "vWCgMp3A"),
        ];
        for (key, suffix) in suffixes {
            assert_eq!(
                PublishableKey::parse(key).unwrap().cookie_suffix(),
                suffix,
                "{key}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_host_with_a_dot_makes_a_key(host in "[a-z0-9-]{1,20}\\.[a-z0-9.-]{1,30}", padded: bool) {
            let mut encoded = STANDARD.encode(format!("{host}$"));
            if !padded {
                encoded.truncate(encoded.trim_end_matches('=').len());
            }
            let key = PublishableKey::parse(&format!("pk_live_{encoded}")).unwrap();
            prop_assert_eq!(key.frontend_api(), host);
        }

        #[test]
        fn no_text_panics(text in "(pk_(test|live)_)?.*") {
            let _ = PublishableKey::parse(&text);
        }
    }
}
