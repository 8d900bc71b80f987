//! Reading of typed values.

use std::{fmt::Display, num::NonZeroU32, time::Duration};

use url::Url;

use super::error::{EnvError, EnvErrors};
use crate::backend::{
    config::{
        error::API_KEYS,
        options::{Options, PROXY_PATH},
    },
    webhook::WebhookSecret,
};

/// Reads typed values and collects all mistakes, so that they are reported at once.
pub(crate) struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<EnvError>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            get,
            errors: Vec::new(),
        }
    }

    /// Returns the value, or the mistakes if there were any.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, EnvErrors> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(EnvErrors(self.errors))
        }
    }

    /// Records another mistake.
    pub(crate) fn add(&mut self, error: EnvError) {
        self.errors.push(error);
    }

    /// Reads every option except the keys.
    pub(crate) fn fill(&mut self, options: &mut Options) {
        if let Some(api_url) = self.url("CLERK_API_URL", "https://api.clerk.com") {
            options.api_url = api_url;
        }
        options.fapi_url = self.url("CLERK_FAPI_URL", "https://frontend-api.clerk.dev");
        options.proxy_url = self.path_or_url("CLERK_PROXY_URL", PROXY_PATH);
        options.webhook_secret = self.webhook_secret("CLERK_WEBHOOK_SIGNING_SECRET");
        // .env files and hosting dashboards often hold the PEM on one line.
        options.jwt_key = self.text("CLERK_JWT_KEY").map(|pem| pem.replace("\\n", "\n"));
        options.machine_secret_key = self.text("CLERK_MACHINE_SECRET_KEY").map(Into::into);
        options.domain = self.text("CLERK_DOMAIN");
        options.is_satellite = self.flag("CLERK_IS_SATELLITE");
        self.fill_application(options);
    }

    /// Reads the options that do not identify the instance.
    pub(crate) fn fill_application(&mut self, options: &mut Options) {
        if let Some(version) = self.text("CLERK_API_VERSION") {
            options.api_version = version;
        }
        options.satellite_auto_sync = self.flag("CLERK_SATELLITE_AUTO_SYNC");
        options.allowed_redirect_origins = self.list("CLERK_ALLOWED_REDIRECT_ORIGINS");
        options.authorized_parties = self.list("CLERK_AUTHORIZED_PARTIES");
        options.audiences = self.list("CLERK_AUDIENCES");
        options.issuers = self.list("CLERK_ISSUERS");
        if let Some(skew) = self.clock_skew("CLERK_CLOCK_SKEW_MS") {
            options.clock_skew = skew;
        }
        options.support_email = self.email_address("CLERK_SUPPORT_EMAIL");
        options.organization_patterns = self.list("CLERK_ORGANIZATION_PATTERNS");
        options.personal_account_patterns = self.list("CLERK_PERSONAL_ACCOUNT_PATTERNS");
        for (name, example, url) in [
            ("CLERK_SIGN_IN_URL", "/sign-in", &mut options.sign_in_url),
            ("CLERK_SIGN_UP_URL", "/sign-up", &mut options.sign_up_url),
            (
                "CLERK_SIGN_IN_FALLBACK_REDIRECT_URL",
                "/profile",
                &mut options.sign_in_fallback_redirect_url,
            ),
            (
                "CLERK_SIGN_UP_FALLBACK_REDIRECT_URL",
                "/profile",
                &mut options.sign_up_fallback_redirect_url,
            ),
            (
                "CLERK_SIGN_IN_FORCE_REDIRECT_URL",
                "/profile",
                &mut options.sign_in_force_redirect_url,
            ),
            (
                "CLERK_SIGN_UP_FORCE_REDIRECT_URL",
                "/profile",
                &mut options.sign_up_force_redirect_url,
            ),
            ("CLERK_WAITLIST_URL", "/waitlist", &mut options.waitlist_url),
            (
                "CLERK_JS_URL",
                "/vendor/clerk.browser.js",
                &mut options.clerk_js_url,
            ),
            ("CLERK_UI_URL", "/vendor/ui.browser.js", &mut options.clerk_ui_url),
        ] {
            if let Some(value) = self.path_or_url(name, example) {
                *url = Some(value);
            }
        }
        if let Some(version) = self.version("CLERK_JS_VERSION") {
            options.clerk_js_version = version;
        }
        if let Some(version) = self.version("CLERK_UI_VERSION") {
            options.clerk_ui_version = version;
        }
        options.telemetry_disabled = self.flag("CLERK_TELEMETRY_DISABLED");
        options.handshake_in_query = self.flag("CLERK_HANDSHAKE_IN_QUERY");
        if let Some(number) = self.number("CLERK_HANDSHAKES_PER_SECOND") {
            options.handshakes_per_second = number;
        }
        if let Some(number) = self.number("CLERK_MACHINE_TOKENS_PER_SECOND") {
            options.machine_tokens_per_second = number;
        }
    }

    fn error(&mut self, variable: &str, what: impl Display, remedy: impl Display) {
        self.errors.push(EnvError(format!("{variable} {what}: {remedy}")));
    }

    fn text(&self, name: &str) -> Option<String> {
        debug_assert!(
            Options::VARIABLES.contains(&name),
            "{name} is missing from VARIABLES"
        );
        let value = (self.get)(name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A required key.
    pub(crate) fn key(&mut self, name: &str) -> Option<String> {
        let value = self.text(name);
        if value.is_none() {
            self.error(name, "is missing", format!("copy it from {API_KEYS}"));
        }
        value
    }

    /// A comma-separated list.
    fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// `true` as the official SDKs read it: "true" in any case, or a positive number.
    fn flag(&mut self, name: &str) -> bool {
        let Some(text) = self.text(name) else { return false };
        match text.to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            number => number.parse::<i64>().map_or_else(
                |_| {
                    self.error(name, format!("is {text:?}"), "set it to `true` or `false`");
                    false
                },
                |number| number > 0,
            ),
        }
    }

    /// An absolute http(s) URL without credentials, query or fragment.
    fn url(&mut self, name: &str, example: &str) -> Option<Url> {
        let url =
            parse_url(&self.text(name)?).filter(|url| url.query().is_none() && url.fragment().is_none());
        if url.is_none() {
            let remedy = format!("set it to an http(s) URL such as {example}");
            self.error(name, "is not a plain URL", remedy);
        }
        url
    }

    /// A path of this application, or an absolute http(s) URL.
    fn path_or_url(&mut self, name: &str, example: &str) -> Option<String> {
        let text = self.text(name)?;
        let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
        if is_path || parse_url(&text).is_some() {
            return Some(text);
        }
        let remedy = format!("set it to a path such as {example}, or to an http(s) URL");
        self.error(name, "is neither a path nor a URL", remedy);
        None
    }

    fn number(&mut self, name: &str) -> Option<NonZeroU32> {
        let text = self.text(name)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.error(
                name,
                format!("is {text:?}"),
                "set it to a number from 1, such as 50",
            );
        }
        number
    }

    /// A minute at most: a token is valid for no longer.
    fn clock_skew(&mut self, name: &str) -> Option<Duration> {
        const MAX: u64 = 60_000;
        let text = self.text(name)?;
        let skew = text.parse().ok().filter(|milliseconds| *milliseconds <= MAX);
        if skew.is_none() {
            let remedy = format!("set it to a number of milliseconds up to {MAX}, such as 5000");
            self.error(name, format!("is {text:?}"), remedy);
        }
        skew.map(Duration::from_millis)
    }

    fn email_address(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let is_address = text.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.contains(char::is_whitespace)
        });
        if is_address {
            return Some(text);
        }
        let remedy = "set it to an address such as support@example.com";
        self.error(name, "is not an e-mail address", remedy);
        None
    }

    /// The version of a package, as in URLs of the Frontend API.
    fn version(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-+".contains(&byte);
        if text.bytes().all(is_allowed) {
            return Some(text);
        }
        self.error(
            name,
            format!("is {text:?}"),
            "set it to a version such as `6` or `6.29.3`",
        );
        None
    }

    fn webhook_secret(&mut self, name: &str) -> Option<WebhookSecret> {
        let secret = WebhookSecret::parse(&self.text(name)?).ok();
        if secret.is_none() {
            self.error(
                name,
                "is malformed",
                "copy the endpoint's signing secret, `whsec_…`, from the Dashboard",
            );
        }
        secret
    }
}

/// An absolute http(s) URL without credentials.
fn parse_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
