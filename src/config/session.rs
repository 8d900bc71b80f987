//! The configuration of sessions.

use std::path::PathBuf;

use secrecy::SecretString;

use super::error::Reader;

/// The session store, and the secret that signs the session cookie.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// Where sessions are kept.
    pub store: StoreKind,
    /// Signs the session cookie. Without it, the key is derived from Clerk's secret key.
    pub secret: Option<SecretString>,
}

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// The memory of the process: sessions end with it.
    Memory,
}

/// The length of the signing key that is derived from the secret, in bytes.
const MIN_SECRET_LENGTH: usize = 64;

impl SessionConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let store = reader
            .parse_with("SESSION_STORE", "`sqlite:PATH` or `memory`", |text| {
                match text.strip_prefix("sqlite:") {
                    Some(path) => {
                        let path = path.strip_prefix("//").unwrap_or(path);
                        (!path.is_empty()).then(|| StoreKind::Sqlite(path.into()))
                    }
                    None => (text == "memory").then_some(StoreKind::Memory),
                }
            })
            .unwrap_or_else(|| StoreKind::Sqlite("data/sessions.sqlite".into()));

        let secret = reader.text("SESSION_SECRET");
        if let Some(length) = secret.map(str::len).filter(|length| *length < MIN_SECRET_LENGTH) {
            reader.error(
                "SESSION_SECRET",
                format!("has {length} bytes, but at least {MIN_SECRET_LENGTH} are needed"),
                "generate one with `openssl rand -hex 64`, or remove it to use a key derived from CLERK_SECRET_KEY",
            );
        }
        Self {
            store,
            secret: secret.map(SecretString::from),
        }
    }
}
