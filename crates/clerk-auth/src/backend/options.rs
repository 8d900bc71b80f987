//! What one Clerk instance needs, and the mistakes that are found before the first request.

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    hosts,
    organization::{OrganizationMatcher, PatternError},
    publishable_key::{InstanceType, PublishableKey},
    signing_key::SigningKey,
    webhook::WebhookSecret,
};
use crate::ClientOptions;

/// Clerk's Backend API.
const API_URL: &str = "https://api.clerk.com";
pub(super) const API_KEYS: &str = "https://dashboard.clerk.com/~/api-keys";
const DOMAINS: &str = "https://dashboard.clerk.com/~/domains";

/// What one Clerk instance needs.
#[derive(Clone, Debug)]
pub struct Options {
    pub publishable_key: String,
    pub secret_key: SecretString,
    /// The instance's public key as PEM; with it tokens are verified without the network.
    pub jwt_key: Option<String>,
    /// The Backend API, `https://api.clerk.com` but for tests.
    pub api_url: Url,
    /// The version in the path of the Backend API, `v1`.
    pub api_version: String,
    /// Where the browser finds the Frontend API: an absolute URL or a path of this application.
    pub proxy_url: Option<String>,
    /// Where the Frontend API proxy forwards to; by default the gateway of the publishable key.
    pub fapi_url: Option<Url>,
    /// A satellite's own domain, without a scheme.
    pub domain: Option<String>,
    pub is_satellite: bool,
    /// Whether a satellite asks its primary on a visitor's first page.
    pub satellite_auto_sync: bool,
    pub sign_in_url: Option<String>,
    pub sign_up_url: Option<String>,
    /// Where to go after signing in, unless the URL says otherwise; `/` by default.
    pub sign_in_fallback_redirect_url: Option<String>,
    /// Where to go after signing up, unless the URL says otherwise; `/` by default.
    pub sign_up_fallback_redirect_url: Option<String>,
    /// Address of `clerk.browser.js`; by default the Frontend API serves it.
    pub clerk_js_url: Option<String>,
    /// The version of clerk-js that is asked of the Frontend API, `6` by default.
    pub clerk_js_version: String,
    /// Address of `ui.browser.js`; by default the Frontend API serves it.
    pub clerk_ui_url: Option<String>,
    /// The version of Clerk's components that is asked of the Frontend API, `1` by default.
    pub clerk_ui_version: String,
    /// The signing secret of the webhook endpoint; without one webhooks are refused.
    pub webhook_secret: Option<WebhookSecret>,
    /// Keeps clerk-js from reporting usage to Clerk.
    pub telemetry_disabled: bool,
    /// Whether the instance is a local Clerk, which needs none of Clerk's own hosts.
    pub local: bool,
    /// Allowed values of the `aud` claim, of tokens that have one; empty allows all.
    pub audiences: Vec<String>,
    /// Allowed values of the `azp` claim; empty allows all.
    pub authorized_parties: Vec<String>,
    /// Allowed values of the `iss` claim; empty allows all.
    pub issuers: Vec<String>,
    pub organization_patterns: Vec<String>,
    pub personal_account_patterns: Vec<String>,
    /// How far the clocks of Clerk and this server may be apart; Clerk's default is five seconds.
    pub clock_skew: Duration,
}

impl Options {
    /// An instance with the defaults of Clerk's SDKs: every token of it that is not out of date is allowed.
    #[must_use]
    pub fn new(publishable_key: impl Into<String>, secret_key: impl Into<SecretString>) -> Self {
        Self {
            publishable_key: publishable_key.into(),
            secret_key: secret_key.into(),
            jwt_key: None,
            #[expect(clippy::expect_used, reason = "a constant URL")]
            api_url: Url::parse(API_URL).expect("a valid URL"),
            api_version: "v1".to_owned(),
            proxy_url: None,
            fapi_url: None,
            domain: None,
            is_satellite: false,
            satellite_auto_sync: false,
            sign_in_url: None,
            sign_up_url: None,
            sign_in_fallback_redirect_url: None,
            sign_up_fallback_redirect_url: None,
            clerk_js_url: None,
            clerk_js_version: "6".to_owned(),
            clerk_ui_url: None,
            clerk_ui_version: "1".to_owned(),
            webhook_secret: None,
            telemetry_disabled: false,
            local: false,
            audiences: Vec::new(),
            authorized_parties: Vec::new(),
            issuers: Vec::new(),
            organization_patterns: Vec::new(),
            personal_account_patterns: Vec::new(),
            clock_skew: Duration::from_secs(5),
        }
    }
}

/// A configuration mistake, naming the variable, what is wrong and where to get it right.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error("CLERK_PUBLISHABLE_KEY is missing: copy it from {API_KEYS}")]
    PublishableKeyMissing,
    #[error(
        "CLERK_PUBLISHABLE_KEY is malformed: expected pk_test_… or pk_live_…, exactly as shown at {API_KEYS}"
    )]
    PublishableKeyMalformed,
    #[error("CLERK_SECRET_KEY is missing: copy it from {API_KEYS}")]
    SecretKeyMissing,
    #[error("CLERK_SECRET_KEY is malformed: expected sk_test_… or sk_live_…, exactly as shown at {API_KEYS}")]
    SecretKeyMalformed,
    #[error(
        "CLERK_PUBLISHABLE_KEY is of a {publishable} instance, CLERK_SECRET_KEY of a {secret} one: \
         copy both from the same page of {API_KEYS}"
    )]
    KeysOfTwoInstances {
        publishable: &'static str,
        secret: &'static str,
    },
    #[error(
        "CLERK_JWT_KEY is malformed: expected the PEM public key shown at {API_KEYS} (-----BEGIN PUBLIC KEY-----)"
    )]
    JwtKeyMalformed,
    #[error("{variable} is malformed: {problem}")]
    Url {
        variable: &'static str,
        problem: &'static str,
    },
    #[error("CLERK_API_VERSION is malformed: expected a version such as v1")]
    ApiVersionMalformed,
    #[error("CLERK_DOMAIN is malformed: expected a host without scheme or path, as shown at {DOMAINS}")]
    DomainMalformed,
    #[error(
        "CLERK_SIGN_IN_URL is missing: a satellite (CLERK_IS_SATELLITE) of a development instance needs it"
    )]
    SatelliteSignInUrlMissing,
    #[error(
        "CLERK_DOMAIN is missing: a satellite (CLERK_IS_SATELLITE) needs it, or CLERK_PROXY_URL; see {DOMAINS}"
    )]
    SatelliteDomainMissing,
    #[error("{variable} has an invalid pattern: {source}")]
    Pattern {
        variable: &'static str,
        source: PatternError,
    },
    #[error("the HTTP client for the Backend API could not be set up: {0}")]
    HttpClient(#[source] reqwest::Error),
}

/// Options that have been checked, with what every request would otherwise parse again.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) options: Options,
    pub(super) key: PublishableKey,
    pub(super) cookie_suffix: String,
    /// With it the key set is not needed.
    pub(super) jwt_key: Option<Arc<SigningKey>>,
    pub(super) organizations: OrganizationMatcher,
}

impl Instance {
    pub(super) fn new(mut options: Options) -> Result<Self, OptionsError> {
        for text in [
            &mut options.jwt_key,
            &mut options.proxy_url,
            &mut options.domain,
            &mut options.sign_in_url,
            &mut options.sign_up_url,
        ] {
            text.take_if(|text| text.trim().is_empty());
        }
        let key = check_keys(&options)?;
        check_urls(&options)?;
        if options.is_satellite {
            check_satellite(&options, &key)?;
        }
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

    pub(super) fn is_development(&self) -> bool {
        self.key.instance_type() == InstanceType::Development
    }

    /// The address at which browsers reach the Frontend API: a path of the application, or a URL.
    pub(super) fn frontend_api_url(&self) -> String {
        match &self.options.proxy_url {
            Some(proxy_url) => proxy_url.trim_end_matches('/').to_owned(),
            None => format!("https://{}", self.original_frontend_api()),
        }
    }

    /// What the browser needs to load clerk-js.
    pub(super) fn client_options(&self) -> ClientOptions {
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
            clerk_js_url: script(&options.clerk_js_url, &clerk_js),
            clerk_ui_url: script(&options.clerk_ui_url, &clerk_ui),
            telemetry_disabled: options.telemetry_disabled || options.local,
            local: options.local,
        }
    }

    /// The sign-in and sign-up pages of Clerk's Account Portal.
    fn account_portal(&self) -> (String, String) {
        let base = hosts::accounts_base_url(&self.original_frontend_api());
        (format!("{base}/sign-in"), format!("{base}/sign-up"))
    }

    /// The Frontend API this instance's tokens are issued by, whatever proxy is in between: that of the
    /// key, or of the domain for a production satellite.
    pub(super) fn original_frontend_api(&self) -> String {
        match &self.options.domain {
            Some(domain) if self.options.is_satellite && !self.is_development() => format!("clerk.{domain}"),
            _ => self.key.frontend_api().to_owned(),
        }
    }
}

fn check_keys(options: &Options) -> Result<PublishableKey, OptionsError> {
    if options.publishable_key.is_empty() {
        return Err(OptionsError::PublishableKeyMissing);
    }
    let key = PublishableKey::parse(&options.publishable_key)
        .filter(|key| Url::parse(&format!("https://{}", key.frontend_api())).is_ok())
        .ok_or(OptionsError::PublishableKeyMalformed)?;
    let secret = options.secret_key.expose_secret();
    if secret.is_empty() {
        return Err(OptionsError::SecretKeyMissing);
    }
    let secret_type = match secret.strip_prefix("sk_").unwrap_or(secret) {
        secret if !secret.bytes().all(|byte| byte.is_ascii_graphic()) => None,
        secret if secret.starts_with("test_") => Some(InstanceType::Development),
        secret if secret.starts_with("live_") => Some(InstanceType::Production),
        _ => None,
    }
    .ok_or(OptionsError::SecretKeyMalformed)?;
    if secret_type != key.instance_type() {
        let name = |instance_type| match instance_type {
            InstanceType::Development => "development",
            InstanceType::Production => "production",
        };
        return Err(OptionsError::KeysOfTwoInstances {
            publishable: name(key.instance_type()),
            secret: name(secret_type),
        });
    }
    Ok(key)
}

fn check_urls(options: &Options) -> Result<(), OptionsError> {
    let fail = |variable, problem| Err(OptionsError::Url { variable, problem });
    if !is_http(&options.api_url) {
        return fail(
            "CLERK_API_URL",
            "expected an http or https URL such as https://api.clerk.com",
        );
    }
    let version = &options.api_version;
    if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(OptionsError::ApiVersionMalformed);
    }
    if let Some(proxy_url) = &options.proxy_url
        && !proxy_url.starts_with('/')
        && !Url::parse(proxy_url).is_ok_and(|url| is_http(&url))
    {
        return fail(
            "CLERK_PROXY_URL",
            "expected an http or https URL, or a path of this application such as /__clerk",
        );
    }
    if let Some(url) = &options.fapi_url {
        if !is_http(url) {
            return fail("CLERK_FAPI_URL", "expected an http or https URL");
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return fail(
                "CLERK_FAPI_URL",
                "it must not have credentials, a query string or a fragment",
            );
        }
    }
    if let Some(domain) = &options.domain {
        let is_host = Url::parse(&format!("https://clerk.{domain}"))
            .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty());
        if domain.contains(['/', '@', '?', '#']) || !is_host {
            return Err(OptionsError::DomainMalformed);
        }
    }
    Ok(())
}

fn check_satellite(options: &Options, key: &PublishableKey) -> Result<(), OptionsError> {
    match &options.sign_in_url {
        None if key.instance_type() == InstanceType::Development => {
            Err(OptionsError::SatelliteSignInUrlMissing)
        }
        Some(url) if !Url::parse(url).is_ok_and(|url| is_http(&url)) => Err(OptionsError::Url {
            variable: "CLERK_SIGN_IN_URL",
            problem: "a satellite (CLERK_IS_SATELLITE) needs the absolute URL of its primary's sign-in page",
        }),
        _ if options.proxy_url.is_none() && options.domain.is_none() => {
            Err(OptionsError::SatelliteDomainMissing)
        }
        _ => Ok(()),
    }
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}
