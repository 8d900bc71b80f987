//! Mistakes in the configuration, and reading typed values.

use std::{fmt::Display, str::FromStr};

use url::Url;

use axum_clerk::clerk_auth::{EnvError, EnvErrors};

use super::Environment;

/// A mistake in the configuration, in one line: the variable, what is wrong with it, and what to do. Never shows the
/// value of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(variable: &str, what: impl Display, remedy: impl Display) -> Self {
        Self(format!("{variable} {what}: {remedy}"))
    }
}

impl From<EnvError> for ConfigError {
    fn from(error: EnvError) -> Self {
        Self(error.to_string())
    }
}

/// Reads typed values and collects the mistakes, so that all of them are reported at once.
#[derive(Debug)]
pub struct Reader<'a> {
    environment: &'a Environment,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    /// Reads from these variables.
    pub fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            errors: Vec::new(),
        }
    }

    /// Returns the mistakes in what was read. Without any, all of it can be used.
    pub fn into_errors(self) -> Vec<ConfigError> {
        self.errors
    }

    /// Records a mistake: the variable, what is wrong with it, and what to do.
    pub fn error(&mut self, variable: &str, what: impl Display, remedy: impl Display) {
        self.errors.push(ConfigError::new(variable, what, remedy));
    }

    /// Records the mistakes in the variables of Clerk.
    pub(super) fn extend(&mut self, errors: EnvErrors) {
        self.errors.extend(errors.into_iter().map(ConfigError::from));
    }

    pub(super) fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// Returns the value of a known variable, if it is set.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.environment.get(name)
    }

    /// Reads a value by `parse`. If that fails, the value is reported together with what is `expected`, so this must
    /// not be used for secrets.
    pub fn parse_with<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(text);
        if value.is_none() {
            self.error(name, format!("is {text:?}"), format!("set it to {expected}"));
        }
        value
    }

    /// Reads a value as its type is written. What goes for [`Reader::parse_with`] goes for this too.
    pub fn parse<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        self.parse_with(name, expected, |text| text.parse().ok())
    }

    /// Reads an absolute http(s) URL without credentials, query and fragment.
    pub fn url(&mut self, name: &str, example: &str) -> Option<Url> {
        let url = parse_url(self.text(name)?).filter(|url| url.query().is_none() && url.fragment().is_none());
        if url.is_none() {
            self.error(
                name,
                "is not a plain URL",
                format!("set it to an http(s) URL such as {example}"),
            );
        }
        url
    }
}

/// Parses an absolute http(s) URL without credentials.
pub(super) fn parse_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
