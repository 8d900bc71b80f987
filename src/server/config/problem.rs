//! What is wrong with the configuration, one line a mistake.

use std::{fmt::Display, str::FromStr};

use url::Url;

use super::Vars;
use crate::clerk::{OptionsError, WebhookSecret};

/// One mistake in one line: the variable, what is wrong with it, and what to do. Never shows a
/// secret's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    pub(super) fn new(variable: &str, what: impl Display, remedy: impl Display) -> Self {
        Self(format!("{variable} {what}: {remedy}"))
    }
}

impl From<OptionsError> for Problem {
    fn from(error: OptionsError) -> Self {
        Self(error.to_string())
    }
}

/// Reads typed values and gathers the mistakes, so that all of them are told at once.
pub(super) struct Reader<'a> {
    vars: &'a Vars,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(vars: &'a Vars) -> Self {
        Self {
            vars,
            problems: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, variable: &str, what: impl Display, remedy: impl Display) {
        self.problems.push(Problem::new(variable, what, remedy));
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.vars.get(name)
    }

    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// The comma-separated values.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A value read by `read`; where that refuses it, none and a problem that asks for `expected`.
    /// Only for values that are no secrets: the problem shows them.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = read(text);
        if value.is_none() {
            self.problem(name, format!("is {text:?}"), format!("set it to {expected}"));
        }
        value
    }

    pub(super) fn parsed<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        self.read(name, expected, |text| text.parse().ok())
    }

    /// `true` as the official SDKs read it: "true" in any case, or a positive number.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.read(name, "`true` or `false`", |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                number => number.parse::<i64>().ok().map(|number| number > 0),
            }
        })
        .unwrap_or(false)
    }

    /// An absolute http(s) URL without credentials, query and fragment.
    pub(super) fn url(&mut self, name: &str, example: &str) -> Option<Url> {
        let url = parse_url(self.text(name)?).filter(|url| url.query().is_none() && url.fragment().is_none());
        if url.is_none() {
            self.problem(
                name,
                "is no plain URL",
                format!("set it to an http(s) URL such as {example}"),
            );
        }
        url
    }

    /// The signing secret of a webhook endpoint.
    pub(super) fn webhook_secret(&mut self, name: &str) -> Option<WebhookSecret> {
        let secret = WebhookSecret::parse(self.text(name)?).ok();
        if secret.is_none() {
            self.problem(
                name,
                "is malformed",
                "copy the endpoint's signing secret, `whsec_…`, from the Dashboard",
            );
        }
        secret
    }

    /// A path on this site, or an absolute http(s) URL.
    pub(super) fn path_or_url(&mut self, name: &str, example: &str) -> Option<String> {
        let text = self.text(name)?;
        let path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
        if path || parse_url(text).is_some() {
            return Some(text.to_owned());
        }
        self.problem(
            name,
            "is neither a path nor a URL",
            format!("set it to a path such as {example}, or to an http(s) URL"),
        );
        None
    }
}

/// An absolute http(s) URL without credentials.
pub(super) fn parse_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
