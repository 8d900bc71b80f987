//! The known variables, read once from the environment and the `.env` file.

use std::{collections::BTreeMap, env, ffi::OsString, fs, io, path::Path};

use axum_clerk::clerk_auth::Options;

use super::ConfigError;

/// The variables of the app itself; those of Clerk are [`Options::VARIABLES`].
const APP_VARIABLES: &[&str] = &[
    "ALLOWED_HOSTS",
    "APP_KEEP_ALIVE_TIMEOUT",
    "APP_MAX_CONNECTIONS",
    "APP_RATE_LIMIT",
    "APP_URL",
    "CSP_EXTRA",
    "CSP_REPORT_ONLY",
    "LEPTOS_ENV",
    "LEPTOS_HASH_FILES",
    "LEPTOS_HASH_FILE_NAME",
    "LEPTOS_OUTPUT_NAME",
    "LEPTOS_RELOAD_PORT",
    "LEPTOS_SITE_ADDR",
    "LEPTOS_SITE_PKG_DIR",
    "LEPTOS_SITE_ROOT",
    "LEPTOS_WATCH",
    "LOCAL_CLERK",
    "LOCAL_CLERK_ADDR",
    "LOCAL_CLERK_ALLOWED_HOSTS",
    "LOCAL_CLERK_DATA",
    "LOCAL_CLERK_INSTANCE",
    "LOCAL_CLERK_NPM_DIR",
    "LOCAL_CLERK_RECORD",
    "LOCAL_CLERK_SEED",
    "LOCAL_CLERK_TOKEN_LIFETIME",
    "LOCAL_CLERK_WEBHOOK_URL",
    "LOG_FORMAT",
    "METRICS_ADDR",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "RUST_LOG",
    "SESSION_MAX_AGE",
    "SESSION_SECRET",
    "SESSION_STORE",
    "TRUSTED_PROXIES",
];

/// Variables that this program does not read, but Clerk's SDKs, its command line or the program `local-clerk` do.
const OTHER_VARIABLES: &[&str] = &[
    "CLERK_AFTER_SIGN_IN_URL",
    "CLERK_AFTER_SIGN_UP_URL",
    "CLERK_AUTH_TIMEOUT_MS",
    "CLERK_BACKEND_API_URL",
    "CLERK_CONFIG_DIR",
    "CLERK_DASHBOARD_URL",
    "CLERK_DEBUG",
    "CLERK_DISABLE_AUTO_PROXY",
    "CLERK_ENCRYPTION_KEY",
    "CLERK_FAPI",
    "CLERK_FRONTEND_API",
    "CLERK_JS",
    "CLERK_KEYLESS_DISABLED",
    "CLERK_MACHINE_SECRET_KEY",
    "CLERK_MCP_URL",
    "CLERK_MODE",
    "CLERK_OAUTH_BASE_URL",
    "CLERK_OAUTH_CLIENT_ID",
    "CLERK_OAUTH_SCOPES",
    "CLERK_PLATFORM_API_KEY",
    "CLERK_PLATFORM_API_URL",
    "CLERK_PREFETCH_UI",
    "CLERK_TELEMETRY_DEBUG",
    "CLERK_TESTING_DEBUG",
    "CLERK_TESTING_TOKEN",
    "LOCAL_CLERK_APP_URL",
];

/// How many letters of a misspelt name are missing, superfluous, wrong or swapped with the next, at most.
const MAX_EDITS: usize = 2;

/// Returns the name of every variable that the program reads. `.env.example` explains each.
pub fn variables() -> impl Iterator<Item = &'static str> {
    APP_VARIABLES.iter().chain(Options::VARIABLES).copied()
}

fn is_known(name: &str) -> bool {
    variables().any(|known| known == name)
}

/// Whether a name is of the kind that only Clerk's variables have.
fn is_of_clerk(name: &str) -> bool {
    name.starts_with("CLERK_") || name.starts_with("LOCAL_CLERK")
}

/// Returns a known variable that the name almost equals.
fn almost_known(name: &str) -> Option<&'static str> {
    variables().find(|known| strsim::osa_distance(name, known) <= MAX_EDITS)
}

/// The variables of the process and of the `.env` file. A variable that is empty counts as not set.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the process's environment and, for variables that it does not have, the `.env` file of `dir`.
    ///
    /// # Errors
    ///
    /// A `.env` that cannot be read or is malformed, and a known variable that is not UTF-8.
    pub fn load(dir: &Path) -> Result<Self, Vec<ConfigError>> {
        let path = dir.join(".env");
        let dotenv = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(vec![ConfigError::new(
                    ".env",
                    format!("{} cannot be read: {error}", path.display()),
                    "make it a readable text file, or remove it",
                )]);
            }
        };
        Self::parse(env::vars_os(), &dotenv)
    }

    /// Combines variables of a process and the text of a `.env` file. The process takes precedence.
    ///
    /// # Errors
    ///
    /// A malformed text, and a known variable that is not UTF-8.
    pub fn parse(
        process: impl IntoIterator<Item = (OsString, OsString)>,
        dotenv: &str,
    ) -> Result<Self, Vec<ConfigError>> {
        let assignments = parse_dotenv(dotenv).map_err(|line| {
            vec![ConfigError::new(
                ".env",
                format!("line {line} is malformed"),
                "write NAME=value, with quotes around a value that contains spaces, `#` or line breaks",
            )]
        })?;
        let (mut values, mut errors) = (BTreeMap::new(), Vec::new());
        for (name, value) in assignments {
            // The first of two assignments counts, as in other dotenv libraries.
            values.entry(name).or_insert(value);
        }
        for (name, value) in process {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Err(_) if is_known(&name) => errors.push(ConfigError::new(
                    &name,
                    "is not valid UTF-8",
                    "set it to plain text",
                )),
                // Only the names of unknown variables matter.
                value => {
                    let text = value.unwrap_or_else(|value| value.to_string_lossy().into_owned());
                    values.insert(name, text);
                }
            }
        }
        if errors.is_empty() {
            Ok(values.into_iter().collect())
        } else {
            Err(errors)
        }
    }

    /// Returns the value of a known variable, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(is_known(name), "{name} is missing from `variables`");
        self.0.get(name).map(String::as_str)
    }

    /// Returns the unknown names that can only be meant for Clerk: most likely misspelt.
    pub fn unknown_of_clerk(&self) -> impl Iterator<Item = &str> {
        self.unknown_names()
            .filter(|name| is_of_clerk(name) || almost_known(name).is_some_and(is_of_clerk))
    }

    /// Returns the names that are most likely misspelt: those of [`Environment::unknown_of_clerk`], and those that
    /// almost equal a variable of the app. Other programs have variables with its prefixes too.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let of_app = self.unknown_names().filter(|name| {
            (name.starts_with("SESSION_") || name.starts_with("APP_")) && almost_known(name).is_some()
        });
        self.unknown_of_clerk().chain(of_app)
    }

    fn unknown_names(&self) -> impl Iterator<Item = &str> {
        let names = self.0.keys().map(String::as_str);
        names.filter(|name| !is_known(name) && !OTHER_VARIABLES.contains(name))
    }
}

impl<N: Into<String>, V: AsRef<str>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        let trimmed = pairs.map(|(name, value)| (name.into(), value.as_ref().trim().to_owned()));
        let mut values: BTreeMap<String, String> = trimmed.collect();
        values.retain(|_, value| !value.is_empty());
        Self(values)
    }
}

/// Names only: values may be secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Parses the assignments of a `.env` file. The error is the number of the first malformed line; the library's own
/// message would show the line, which may contain a secret.
fn parse_dotenv(text: &str) -> Result<Vec<(String, String)>, usize> {
    dotenvy::from_read_iter(text.trim_start_matches('\u{feff}').as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| match error {
            dotenvy::Error::LineParse(line, _) => {
                let before = text.find(line.trim_end()).unwrap_or_default();
                text[..before].matches('\n').count() + 1
            }
            _ => 1,
        })
}
