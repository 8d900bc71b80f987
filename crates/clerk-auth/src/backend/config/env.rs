//! Reading [`Options`] from environment variables.

mod error;
mod reader;

use std::env;

use secrecy::SecretString;

use super::{configuration::Configuration, options::Options};
use reader::Reader;

pub use error::{EnvError, EnvErrors};

impl Options {
    /// The names of the environment variables that [`Options::from_env`] reads.
    pub const VARIABLES: &[&str] = &[
        "CLERK_ALLOWED_REDIRECT_ORIGINS",
        "CLERK_API_URL",
        "CLERK_API_VERSION",
        "CLERK_AUDIENCES",
        "CLERK_AUTHORIZED_PARTIES",
        "CLERK_CLOCK_SKEW_MS",
        "CLERK_DOMAIN",
        "CLERK_FAPI_URL",
        "CLERK_HANDSHAKES_PER_SECOND",
        "CLERK_HANDSHAKE_IN_QUERY",
        "CLERK_ISSUERS",
        "CLERK_IS_SATELLITE",
        "CLERK_JS_URL",
        "CLERK_JS_VERSION",
        "CLERK_JWT_KEY",
        "CLERK_MACHINE_SECRET_KEY",
        "CLERK_MACHINE_TOKENS_PER_SECOND",
        "CLERK_ORGANIZATION_PATTERNS",
        "CLERK_PERSONAL_ACCOUNT_PATTERNS",
        "CLERK_PROXY_URL",
        "CLERK_PUBLISHABLE_KEY",
        "CLERK_SATELLITE_AUTO_SYNC",
        "CLERK_SECRET_KEY",
        "CLERK_SIGN_IN_FALLBACK_REDIRECT_URL",
        "CLERK_SIGN_IN_FORCE_REDIRECT_URL",
        "CLERK_SIGN_IN_URL",
        "CLERK_SIGN_UP_FALLBACK_REDIRECT_URL",
        "CLERK_SIGN_UP_FORCE_REDIRECT_URL",
        "CLERK_SIGN_UP_URL",
        "CLERK_SUPPORT_EMAIL",
        "CLERK_TELEMETRY_DISABLED",
        "CLERK_UI_URL",
        "CLERK_UI_VERSION",
        "CLERK_WAITLIST_URL",
        "CLERK_WEBHOOK_SIGNING_SECRET",
    ];

    /// Reads the variables of [`Options::VARIABLES`] from the process's environment. An empty variable counts
    /// as not set.
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
        let mut reader = Reader::new(&get);
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
            reader.add(error.into());
        }
        reader.finish(options)
    }

    /// Applies the variables that do not identify the instance (sign-in pages, authorized parties, scripts,
    /// …) to options whose keys and URLs come from elsewhere, such as from a local Clerk.
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
        let mut reader = Reader::new(&get);
        reader.fill_application(self);
        reader.finish(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_variable() {
        let readme = include_str!("../../../README.md");
        for variable in Options::VARIABLES {
            assert!(readme.contains(&format!("`{variable}`")), "{variable}");
        }
    }
}
