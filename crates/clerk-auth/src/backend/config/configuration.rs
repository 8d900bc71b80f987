//! Validated options, and what is derived from them.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use url::Url;

use super::{
    error::OptionsError,
    hosts,
    options::{Options, PROXY_PATH},
    organization::OrganizationMatcher,
    publishable_key::{InstanceType, PublishableKey},
    validation,
};
use crate::{backend::token::SigningKey, client_options::ClientOptions};

/// Validated options, with what every request would otherwise parse again.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) options: Options,
    pub(crate) key: PublishableKey,
    pub(crate) cookie_suffix: String,
    /// Replaces the signing keys of the Backend API.
    pub(crate) jwt_key: Option<Arc<SigningKey>>,
    pub(crate) organizations: OrganizationMatcher,
}

impl Configuration {
    pub(crate) fn new(mut options: Options) -> Result<Self, OptionsError> {
        for text in [
            &mut options.jwt_key,
            &mut options.proxy_url,
            &mut options.domain,
            &mut options.sign_in_url,
            &mut options.sign_up_url,
        ] {
            text.take_if(|text| text.trim().is_empty());
        }
        let key = validation::check(&options)?;
        let jwt_key = match &options.jwt_key {
            Some(pem) => Some(
                SigningKey::from_pem(pem)
                    .map(Arc::new)
                    .ok_or(OptionsError::JwtKeyMalformed)?,
            ),
            None => None,
        };
        let patterns = |variable, patterns: &[String]| {
            OrganizationMatcher::compile(patterns)
                .map_err(|source| OptionsError::Pattern { variable, source })
        };
        let organizations = OrganizationMatcher::new(
            patterns("CLERK_ORGANIZATION_PATTERNS", &options.organization_patterns)?,
            patterns(
                "CLERK_PERSONAL_ACCOUNT_PATTERNS",
                &options.personal_account_patterns,
            )?,
        );
        Ok(Self {
            cookie_suffix: key.cookie_suffix(),
            key,
            jwt_key,
            organizations,
            options,
        })
    }

    pub(crate) fn is_development(&self) -> bool {
        self.key.instance_type() == InstanceType::Development
    }

    /// The URL at which browsers reach the Frontend API, or a path of the application.
    pub(crate) fn frontend_api_url(&self) -> String {
        match &self.options.proxy_url {
            Some(proxy_url) => proxy_url.trim_end_matches('/').to_owned(),
            None => format!("https://{}", self.original_frontend_api()),
        }
    }

    /// The path at which the Frontend API proxy is mounted, without a trailing slash.
    pub(crate) fn proxy_path(&self) -> String {
        let url = match self.options.proxy_url.as_deref() {
            Some(path) if path.starts_with('/') => Url::parse(&format!("http://localhost{path}")).ok(),
            Some(url) => Url::parse(url).ok(),
            None => None,
        };
        let path = url.as_ref().map_or("", Url::path);
        match path.trim_end_matches('/') {
            "" => PROXY_PATH.to_owned(),
            path => path.to_owned(),
        }
    }

    /// What the browser needs to load clerk-js.
    pub(crate) fn client_options(&self) -> ClientOptions {
        let options = &self.options;
        let frontend_api = self.frontend_api_url();
        let script = |url: &Option<String>, file: &str| {
            url.clone()
                .unwrap_or_else(|| format!("{frontend_api}/npm/@clerk/{file}"))
        };
        let clerk_js = format!("clerk-js@{}/dist/clerk.browser.js", options.clerk_js_version);
        let clerk_ui = format!("ui@{}/dist/ui.browser.js", options.clerk_ui_version);
        let or_home = |url: &Option<String>| url.clone().unwrap_or_else(|| "/".to_owned());
        let (portal, portal_sign_up) = self.account_portal();
        ClientOptions {
            publishable_key: options.publishable_key.clone(),
            proxy_url: options.proxy_url.clone(),
            domain: options.domain.clone(),
            is_satellite: options.is_satellite,
            sign_in_url: options.sign_in_url.clone().unwrap_or(portal),
            sign_up_url: options.sign_up_url.clone().unwrap_or(portal_sign_up),
            sign_in_fallback_redirect_url: or_home(&options.sign_in_fallback_redirect_url),
            sign_up_fallback_redirect_url: or_home(&options.sign_up_fallback_redirect_url),
            sign_in_force_redirect_url: options.sign_in_force_redirect_url.clone(),
            sign_up_force_redirect_url: options.sign_up_force_redirect_url.clone(),
            waitlist_url: options.waitlist_url.clone(),
            support_email: options.support_email.clone(),
            allowed_redirect_origins: options.allowed_redirect_origins.clone(),
            satellite_auto_sync: options.satellite_auto_sync,
            clerk_js_url: script(&options.clerk_js_url, &clerk_js),
            clerk_js_integrity: options.clerk_js_integrity.clone(),
            clerk_ui_url: script(&options.clerk_ui_url, &clerk_ui),
            clerk_ui_integrity: options.clerk_ui_integrity.clone(),
            telemetry_disabled: options.telemetry_disabled || options.local,
            local: options.local,
        }
    }

    /// The sign-in and sign-up pages of Clerk's Account Portal.
    fn account_portal(&self) -> (String, String) {
        let base = hosts::accounts_base_url(&self.original_frontend_api());
        (format!("{base}/sign-in"), format!("{base}/sign-up"))
    }

    /// The Frontend API host that issues this instance's tokens, regardless of any proxy: that of the
    /// publishable key, or of the domain for a production satellite.
    pub(crate) fn original_frontend_api(&self) -> String {
        match &self.options.domain {
            Some(domain) if self.options.is_satellite && !self.is_development() => format!("clerk.{domain}"),
            _ => self.key.frontend_api().to_owned(),
        }
    }
}
