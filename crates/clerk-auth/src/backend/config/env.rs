//! Reading [`Options`] from environment variables.

use std::{
    env,
    fmt::{self, Display},
};

use secrecy::SecretString;
use url::Url;

use super::{
    configuration::Configuration,
    error::{API_KEYS, OptionsError},
    options::{Options, PROXY_PATH},
};
use crate::backend::webhook::WebhookSecret;

/// One mistake in the environment, in one line: the variable, what is wrong with it, and what to do. Never contains a
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EnvError(String);

/// Every mistake in the environment, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvErrors(Vec<EnvError>);

impl Display for EnvErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for EnvErrors {}

impl From<EnvError> for EnvErrors {
    fn from(error: EnvError) -> Self {
        Self(vec![error])
    }
}

impl IntoIterator for EnvErrors {
    type Item = EnvError;
    type IntoIter = std::vec::IntoIter<EnvError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Options {
    /// The names of the environment variables that [`Options::from_env`] reads.
    pub const VARIABLES: &[&str] = &[
        "CLERK_API_URL",
        "CLERK_API_VERSION",
        "CLERK_AUTHORIZED_PARTIES",
        "CLERK_DOMAIN",
        "CLERK_FAPI_URL",
        "CLERK_IS_SATELLITE",
        "CLERK_JS_URL",
        "CLERK_JS_VERSION",
        "CLERK_JWT_KEY",
        "CLERK_ORGANIZATION_PATTERNS",
        "CLERK_PERSONAL_ACCOUNT_PATTERNS",
        "CLERK_PROXY_URL",
        "CLERK_PUBLISHABLE_KEY",
        "CLERK_SATELLITE_AUTO_SYNC",
        "CLERK_SECRET_KEY",
        "CLERK_SIGN_IN_FALLBACK_REDIRECT_URL",
        "CLERK_SIGN_IN_URL",
        "CLERK_SIGN_UP_FALLBACK_REDIRECT_URL",
        "CLERK_SIGN_UP_URL",
        "CLERK_TELEMETRY_DISABLED",
        "CLERK_UI_URL",
        "CLERK_UI_VERSION",
        "CLERK_WEBHOOK_SIGNING_SECRET",
    ];

    /// Reads the variables of [`Options::VARIABLES`] from the process's environment. An empty variable counts as not
    /// set.
    ///
    /// # Errors
    ///
    /// Every mistake that can be found without the network.
    ///
    /// ```no_run
    /// use clerk_auth::{Clerk, Options};
    ///
    /// let options = Options::from_env()?;
    /// let clerk = Clerk::new(options)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_env() -> Result<Self, EnvErrors> {
        Self::from_vars(|name| env::var(name).ok())
    }

    /// Reads the variables of [`Options::VARIABLES`] through `get`.
    ///
    /// # Errors
    ///
    /// As [`Options::from_env`].
    ///
    /// ```
    /// use clerk_auth::Options;
    ///
    /// let errors = Options::from_vars(|_| None).unwrap_err();
    /// assert!(errors.to_string().starts_with("CLERK_PUBLISHABLE_KEY is missing"));
    /// ```
    pub fn from_vars(get: impl Fn(&str) -> Option<String>) -> Result<Self, EnvErrors> {
        let mut reader = Reader {
            get: &get,
            errors: Vec::new(),
        };
        let (publishable_key, secret_key) = (
            reader.key("CLERK_PUBLISHABLE_KEY"),
            reader.key("CLERK_SECRET_KEY"),
        );
        let has_keys = publishable_key.is_some() && secret_key.is_some();
        let mut options = Self::new(
            publishable_key.unwrap_or_default(),
            SecretString::from(secret_key.unwrap_or_default()),
        );
        reader.fill(&mut options);
        if has_keys && let Err(error) = Configuration::new(options.clone()) {
            reader.errors.push(error.into());
        }
        if reader.errors.is_empty() {
            Ok(options)
        } else {
            Err(EnvErrors(reader.errors))
        }
    }

    /// Applies the variables that do not identify the instance (sign-in pages, authorized parties, scripts, …) to
    /// options whose keys and URLs come from elsewhere, such as from a local Clerk.
    ///
    /// # Errors
    ///
    /// As [`Options::from_env`].
    ///
    /// ```
    /// use clerk_auth::Options;
    ///
    /// let mut options = Options::new("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_example");
    /// options.apply_vars(|name| (name == "CLERK_SIGN_IN_URL").then(|| "/sign-in".to_owned()))?;
    /// assert_eq!(options.sign_in_url.as_deref(), Some("/sign-in"));
    /// # Ok::<(), clerk_auth::EnvErrors>(())
    /// ```
    pub fn apply_vars(&mut self, get: impl Fn(&str) -> Option<String>) -> Result<(), EnvErrors> {
        let mut reader = Reader {
            get: &get,
            errors: Vec::new(),
        };
        reader.fill_application(self);
        if reader.errors.is_empty() {
            Ok(())
        } else {
            Err(EnvErrors(reader.errors))
        }
    }
}

impl From<OptionsError> for EnvError {
    fn from(error: OptionsError) -> Self {
        Self(error.to_string())
    }
}

/// Reads typed values and collects all mistakes, so that they are reported at once.
struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<EnvError>,
}

impl Reader<'_> {
    fn fill(&mut self, options: &mut Options) {
        if let Some(api_url) = self.url("CLERK_API_URL", "https://api.clerk.com") {
            options.api_url = api_url;
        }
        options.fapi_url = self.url("CLERK_FAPI_URL", "https://frontend-api.clerk.dev");
        options.proxy_url = self.path_or_url("CLERK_PROXY_URL", PROXY_PATH);
        options.webhook_secret = self.webhook_secret("CLERK_WEBHOOK_SIGNING_SECRET");
        // .env files and hosting dashboards often hold the PEM on one line.
        options.jwt_key = self.text("CLERK_JWT_KEY").map(|pem| pem.replace("\\n", "\n"));
        options.domain = self.text("CLERK_DOMAIN");
        options.is_satellite = self.flag("CLERK_IS_SATELLITE");
        self.fill_application(options);
    }

    fn fill_application(&mut self, options: &mut Options) {
        if let Some(version) = self.text("CLERK_API_VERSION") {
            options.api_version = version;
        }
        options.satellite_auto_sync = self.flag("CLERK_SATELLITE_AUTO_SYNC");
        options.authorized_parties = self.list("CLERK_AUTHORIZED_PARTIES");
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

    fn key(&mut self, name: &str) -> Option<String> {
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
