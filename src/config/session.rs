//! Where the app keeps its sessions.

use std::path::PathBuf;

use secrecy::SecretString;

use super::error::Reader;

/// Sessions: the store, and what signs the cookie.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    pub store: StoreKind,
    /// Signs the session cookie; without one the key is derived from Clerk's secret key.
    pub secret: Option<SecretString>,
}

/// Where sessions are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// The process: sessions end with it.
    Memory,
}

/// As long as the key of the signature (HMAC-SHA256 inside a 64-byte master key).
const MINIMUM_SECRET: usize = 64;

impl SessionConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let store = reader
            .read("SESSION_STORE", "`sqlite:PATH` or `memory`", |text| {
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
        if let Some(length) = secret.map(str::len).filter(|length| *length < MINIMUM_SECRET) {
            reader.error(
                "SESSION_SECRET",
                format!("has {length} bytes, at least {MINIMUM_SECRET} are needed"),
                "make one with `openssl rand -hex 64`, or remove it to use a key derived from CLERK_SECRET_KEY",
            );
        }
        Self {
            store,
            secret: secret.map(SecretString::from),
        }
    }
}
