//! The configuration of sessions.

use std::time::Duration;

use secrecy::SecretString;
use session_stores::Location;

use super::Reader;

/// The session store, and the secrets that sign the session cookie.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// Where sessions are kept.
    pub store: Location,
    /// How long a session lasts at most, however often it is used.
    pub max_age: Duration,
    /// The first signs the session cookie; cookies that were signed with the others are accepted. Without any, the key is
    /// derived from Clerk's secret key.
    pub secrets: Vec<SecretString>,
}

const DEFAULT_STORE: &str = "data/sessions.sqlite";

/// In days.
const DEFAULT_MAX_AGE: u32 = 30;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The length of the signing key that is derived from the secret, in bytes.
const MIN_SECRET_LENGTH: usize = 64;

impl SessionConfig {
    /// Reads `SESSION_STORE`, `SESSION_MAX_AGE` and `SESSION_SECRET`.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let store = match reader.text("SESSION_STORE").map(Location::parse) {
            Some(Ok(store)) => store,
            None => Location::Sqlite(DEFAULT_STORE.into()),
            Some(Err(error)) => {
                reader.error(
                    "SESSION_STORE",
                    error,
                    "set it to sqlite:PATH, redis://…, rediss://…, postgres://… or memory",
                );
                Location::Memory
            }
        };
        let max_age = reader.parse_with("SESSION_MAX_AGE", "a number of days from 1 to 365", |text| {
            text.parse().ok().filter(|days| (1..=365).contains(days))
        });
        let separators = |c: char| c == ',' || c.is_whitespace();
        let list = reader.text("SESSION_SECRET").unwrap_or_default();
        let secrets: Vec<&str> = list
            .split(separators)
            .filter(|secret| !secret.is_empty())
            .collect();
        if secrets.is_empty() && !list.is_empty() {
            reader.error(
                "SESSION_SECRET",
                "contains no secret",
                "remove it, or set it to a secret",
            );
        }
        for secret in secrets.iter().filter(|secret| secret.len() < MIN_SECRET_LENGTH) {
            reader.error(
                "SESSION_SECRET",
                format!("has {} bytes, but at least {MIN_SECRET_LENGTH} are needed", secret.len()),
                "generate one with `openssl rand -hex 64`, write several with commas or spaces in between, or remove it to use a key \
                 derived from CLERK_SECRET_KEY",
            );
        }
        Self {
            store,
            max_age: DAY * max_age.unwrap_or(DEFAULT_MAX_AGE),
            secrets: secrets.into_iter().map(SecretString::from).collect(),
        }
    }
}
