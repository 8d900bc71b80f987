//! What is told about Clerk, for the server half and for the browser half.

use std::net::SocketAddr;

use super::{
    problem::Reader,
    source::{Instance, Source},
};
use crate::{
    clerk::{self, InstanceType, PublishableKey},
    clerk_js::ClientOptions,
};

/// What is told about Clerk.
#[derive(Clone, Debug)]
pub struct ClerkConfig {
    pub source: Source,
    jwt_key: Option<String>,
    api_version: String,
    domain: Option<String>,
    is_satellite: bool,
    satellite_auto_sync: bool,
    authorized_parties: Vec<String>,
    organization_patterns: Vec<String>,
    personal_account_patterns: Vec<String>,
    sign_in_url: String,
    sign_up_url: String,
    sign_in_fallback_redirect_url: String,
    sign_up_fallback_redirect_url: String,
    clerk_js_url: Option<String>,
    clerk_js_version: String,
    clerk_ui_url: Option<String>,
    clerk_ui_version: String,
    telemetry_disabled: bool,
}

impl ClerkConfig {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        site_addr: SocketAddr,
        has_local_clerk: bool,
    ) -> Option<Self> {
        let source = Source::read(reader, site_addr, has_local_clerk);
        let or = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());
        let config = Self {
            // A PEM on one line, as .env files and dashboards of hosts often hold it.
            jwt_key: reader.text("CLERK_JWT_KEY").map(|pem| pem.replace("\\n", "\n")),
            api_version: or(reader.owned("CLERK_API_VERSION"), "v1"),
            domain: reader.owned("CLERK_DOMAIN"),
            is_satellite: reader.flag("CLERK_IS_SATELLITE"),
            satellite_auto_sync: reader.flag("CLERK_SATELLITE_AUTO_SYNC"),
            authorized_parties: reader.list("CLERK_AUTHORIZED_PARTIES"),
            organization_patterns: reader.list("CLERK_ORGANIZATION_PATTERNS"),
            personal_account_patterns: reader.list("CLERK_PERSONAL_ACCOUNT_PATTERNS"),
            sign_in_url: or(reader.path_or_url("CLERK_SIGN_IN_URL", "/sign-in"), "/sign-in"),
            sign_up_url: or(reader.path_or_url("CLERK_SIGN_UP_URL", "/sign-up"), "/sign-up"),
            sign_in_fallback_redirect_url: or(
                reader.path_or_url("CLERK_SIGN_IN_FALLBACK_REDIRECT_URL", "/profile"),
                "/",
            ),
            sign_up_fallback_redirect_url: or(
                reader.path_or_url("CLERK_SIGN_UP_FALLBACK_REDIRECT_URL", "/profile"),
                "/",
            ),
            clerk_js_url: reader.path_or_url("CLERK_JS_URL", "/vendor/clerk.browser.js"),
            clerk_js_version: or(version(reader, "CLERK_JS_VERSION"), "6"),
            clerk_ui_url: reader.path_or_url("CLERK_UI_URL", "/vendor/ui.browser.js"),
            clerk_ui_version: or(version(reader, "CLERK_UI_VERSION"), "1"),
            telemetry_disabled: reader.flag("CLERK_TELEMETRY_DISABLED"),
            source: source?,
        };
        if let Source::Instance(instance) = &config.source
            && let Err(error) = clerk::Clerk::new(config.options(instance))
        {
            reader.problems.push(error.into());
        }
        Some(config)
    }

    /// What the server half of Clerk needs to serve `instance`.
    #[must_use]
    pub fn options(&self, instance: &Instance) -> clerk::Options {
        clerk::Options {
            jwt_key: self.jwt_key.clone(),
            api_version: self.api_version.clone(),
            proxy_url: instance.proxy_url.clone(),
            fapi_url: instance.fapi_url.clone(),
            domain: self.domain.clone(),
            is_satellite: self.is_satellite,
            satellite_auto_sync: self.satellite_auto_sync,
            sign_in_url: Some(self.sign_in_url.clone()),
            sign_up_url: Some(self.sign_up_url.clone()),
            authorized_parties: self.authorized_parties.clone(),
            organization_patterns: self.organization_patterns.clone(),
            personal_account_patterns: self.personal_account_patterns.clone(),
            ..clerk::Options::new(
                instance.publishable_key.clone(),
                instance.secret_key.clone(),
                instance.api_url.clone(),
            )
        }
    }

    /// Whether a production instance accepts tokens whoever asked for them.
    pub(crate) fn leaves_parties_unchecked(&self, instance: &Instance) -> bool {
        !instance.local
            && self.authorized_parties.is_empty()
            && PublishableKey::parse(&instance.publishable_key)
                .is_some_and(|key| key.instance_type() == InstanceType::Production)
    }

    /// The address at which browsers reach the Frontend API of `instance`: a path of the app, or a URL.
    #[must_use]
    pub fn frontend_api(&self, instance: &Instance) -> String {
        if let Some(proxy_url) = &instance.proxy_url {
            return proxy_url.trim_end_matches('/').to_owned();
        }
        let key = PublishableKey::parse(&instance.publishable_key);
        let production = key
            .as_ref()
            .is_some_and(|key| key.instance_type() == InstanceType::Production);
        match (&self.domain, key) {
            (Some(domain), _) if production && self.is_satellite => format!("https://clerk.{domain}"),
            (_, key) => format!(
                "https://{}",
                key.as_ref().map_or("", PublishableKey::frontend_api)
            ),
        }
    }

    /// What the browser half needs to load clerk-js for `instance`.
    #[must_use]
    pub fn client_options(&self, instance: &Instance) -> ClientOptions {
        let frontend_api = self.frontend_api(instance);
        let script = |url: &Option<String>, file: &str| {
            url.clone()
                .unwrap_or_else(|| format!("{frontend_api}/npm/@clerk/{file}"))
        };
        let clerk_js = format!("clerk-js@{}/dist/clerk.browser.js", self.clerk_js_version);
        let clerk_ui = format!("ui@{}/dist/ui.browser.js", self.clerk_ui_version);
        ClientOptions {
            publishable_key: instance.publishable_key.clone(),
            proxy_url: instance.proxy_url.clone(),
            domain: self.domain.clone(),
            is_satellite: self.is_satellite,
            sign_in_url: self.sign_in_url.clone(),
            sign_up_url: self.sign_up_url.clone(),
            sign_in_fallback_redirect_url: self.sign_in_fallback_redirect_url.clone(),
            sign_up_fallback_redirect_url: self.sign_up_fallback_redirect_url.clone(),
            clerk_js_url: script(&self.clerk_js_url, &clerk_js),
            clerk_ui_url: script(&self.clerk_ui_url, &clerk_ui),
            telemetry_disabled: self.telemetry_disabled || instance.local,
            local: instance.local,
        }
    }
}

/// The version of a package as addresses of the Frontend API have it.
fn version(reader: &mut Reader<'_>, name: &str) -> Option<String> {
    reader.read(name, "a version such as `6` or `6.29.3`", |text| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
        text.bytes().all(allowed).then(|| text.to_owned())
    })
}
