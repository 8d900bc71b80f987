//! Publishable keys: `pk_test_` or `pk_live_` and the base64 of `<Frontend API host>$`.

use aws_lc_rs::digest;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};

/// Base64 as browsers read it, once whitespace and padding are gone: leftover low bits are ignored.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceType {
    Development,
    Production,
}

/// A well-formed publishable key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishableKey {
    text: String,
    instance_type: InstanceType,
    frontend_api: String,
}

impl PublishableKey {
    /// `None` when the text is not a publishable key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (instance_type, encoded) = if let Some(encoded) = text.strip_prefix("pk_test_") {
            (InstanceType::Development, encoded)
        } else {
            (InstanceType::Production, text.strip_prefix("pk_live_")?)
        };
        let decoded = String::from_utf8(decode_forgiving(encoded)?).ok()?;
        let frontend_api = decoded.strip_suffix('$')?;
        let is_host = frontend_api.is_ascii() && !frontend_api.contains('$') && frontend_api.contains('.');
        is_host.then(|| Self {
            text: text.to_owned(),
            instance_type,
            frontend_api: frontend_api.to_owned(),
        })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub const fn instance_type(&self) -> InstanceType {
        self.instance_type
    }

    /// The Frontend API host the key carries.
    #[must_use]
    pub fn frontend_api(&self) -> &str {
        &self.frontend_api
    }

    /// What Clerk appends to the names of this instance's cookies. It hashes the key's text as it was
    /// configured: a padded and an unpadded spelling of one key have different suffixes.
    #[must_use]
    pub fn cookie_suffix(&self) -> String {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, self.text.as_bytes());
        let mut suffix = STANDARD.encode(digest).replace('+', "-").replace('/', "_");
        suffix.truncate(8);
        suffix
    }
}

/// The WHATWG "forgiving-base64 decode".
fn decode_forgiving(encoded: &str) -> Option<Vec<u8>> {
    let text: String = encoded
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' '))
        .collect();
    let mut rest = text.as_str();
    if text.len().is_multiple_of(4) {
        rest = rest.strip_suffix('=').unwrap_or(rest);
        rest = rest.strip_suffix('=').unwrap_or(rest);
    }
    FORGIVING.decode(rest).ok()
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
    fn refuses_what_is_not_a_key() {
        let malformed = [
            "",
            "pk_test_",
            "pk_live_",
            "sk_test_Y2xlcmsuY2xlcmsuZGV2JA",
            "pk_prod_Y2xlcmsuY2xlcmsuZGV2JA",
            "pk_test_Y2xlcmsuY2xlcmsuZGV2",         // no `$`
            "pk_test_Y2xlcmsuY2xlcmsuZGV2JCQ",      // two
            "pk_test_Y2xlcmsk",                     // no dot
            "pk_test_Y2xlcmsuY2xlcmsuZGV2JA_extra", // a fourth part
            "pk_test_Y2xlcmsuY2xlcmsuZGV2J",        // a length base64 cannot have
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
