//! Ids and keys that a seed fixes, so that tests and configurations can name them.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::{
    keys::{self, CheckKey, FixedKeys},
    model::{SCOPES, is_redirect_uri},
};

use super::{
    Keys, Seed,
    check::{Checked, check_unique, mistake},
    present::Present,
};

const MAX_ID_LENGTH: usize = 64;

impl Seed {
    pub(super) fn fixed_keys(&self) -> FixedKeys {
        let Some(keys) = &self.keys else {
            return FixedKeys::default();
        };
        let text = |key: &Option<Spanned<String>>| key.as_ref().map(|key| key.as_ref().clone());
        let keys = keys.as_ref();
        FixedKeys {
            publishable_key: text(&keys.publishable_key),
            secret_key: text(&keys.secret_key),
            signing_key: text(&keys.signing_key),
            webhook_signing_secret: text(&keys.webhook_signing_secret),
        }
    }

    pub(super) fn check_keys(&self) -> Checked {
        let Some(keys) = &self.keys else {
            return Ok(());
        };
        for (name, key, check) in keys.as_ref().each() {
            if let Some(key) = key
                && let Err(rule) = check(key.as_ref())
            {
                return mistake(key, format!("keys.{name}: it {rule}"));
            }
        }
        Ok(())
    }

    pub(super) fn check_ids(&self, present: &Present) -> Checked {
        let users = self.users.iter().map(|user| user.as_ref().id.as_ref());
        let organizations = self
            .organizations
            .iter()
            .map(|organization| organization.id.as_ref());
        let ids = users
            .map(|id| ("users.id", "user_", id))
            .chain(organizations.map(|id| ("organizations.id", "org_", id)));
        let mut known = BTreeSet::new();
        for (field, prefix, id) in ids {
            let Some(id) = id else { continue };
            let text = id.as_ref();
            let is_name = |name: &str| {
                !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            if text.len() > MAX_ID_LENGTH || !text.strip_prefix(prefix).is_some_and(is_name) {
                let rule =
                    format!("an id is {prefix} and letters, digits and underscores, {MAX_ID_LENGTH} at most");
                return mistake(id, format!("{field}: {rule}"));
            }
            check_unique(present.ids.contains(text), &mut known, id, text.clone(), field)?;
        }
        Ok(())
    }
}

impl Seed {
    pub(super) fn check_oauth_applications(&self, present: &Present) -> Checked {
        let mut known = BTreeSet::new();
        for application in &self.oauth_applications {
            let credentials = [
                ("oauth_applications.client_id", Some(&application.client_id)),
                (
                    "oauth_applications.client_secret",
                    application.client_secret.as_ref(),
                ),
            ];
            for (field, text) in credentials {
                let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                if let Some(text) = text
                    && (text.as_ref().is_empty() || !text.as_ref().bytes().all(is_allowed))
                {
                    return mistake(text, format!("{field}: it consists of letters, digits and -._~"));
                }
            }
            let (place, client_id) = (&application.client_id, application.client_id.as_ref().clone());
            let is_present = present.client_ids.contains(&client_id);
            check_unique(
                is_present,
                &mut known,
                place,
                client_id,
                "oauth_applications.client_id",
            )?;
            if application.redirect_uris.is_empty() {
                return mistake(place, "oauth_applications.redirect_uris: at least one is needed");
            }
            for uri in &application.redirect_uris {
                if !is_redirect_uri(uri.as_ref()) {
                    let rule = "it must be an absolute URI without a fragment";
                    return mistake(uri, format!("oauth_applications.redirect_uris: {rule}"));
                }
            }
            for scope in &application.scopes {
                if !SCOPES.iter().any(|(name, _)| name == scope.as_ref()) {
                    let names = SCOPES.map(|(name, _)| name).join(", ");
                    let message = format!("oauth_applications.scopes: it must be one of {names}");
                    return mistake(scope, message);
                }
            }
        }
        Ok(())
    }
}

impl Keys {
    /// Each key with its name and its rule.
    fn each(&self) -> [(&'static str, Option<&Spanned<String>>, CheckKey); 4] {
        [
            (
                "publishable_key",
                self.publishable_key.as_ref(),
                keys::check_publishable_key,
            ),
            ("secret_key", self.secret_key.as_ref(), keys::check_secret_key),
            ("signing_key", self.signing_key.as_ref(), keys::check_signing_key),
            (
                "webhook_signing_secret",
                self.webhook_signing_secret.as_ref(),
                keys::check_webhook_signing_secret,
            ),
        ]
    }
}
