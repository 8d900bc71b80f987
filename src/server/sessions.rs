//! The app's sessions: a signed cookie and a store.

mod store;

use std::time::Duration;

use aws_lc_rs::hkdf;
use secrecy::{ExposeSecret, SecretString};
use tower_sessions::{
    ExpiredDeletion, Expiry, SessionManagerLayer, SessionStore,
    cookie::{Key, SameSite, time},
    session::Id,
    session_store,
};
use tower_sessions_rusqlite_store::RusqliteStore;

use crate::config::SessionConfig;

pub use self::store::StoreError;

/// Not `__session`, which is Clerk's.
const COOKIE: &str = "app_session";

/// As long as Clerk's own sessions last by default.
const LIFETIME: time::Duration = time::Duration::days(7);

/// How often expired sessions are deleted.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The session store and the properties of the session cookie. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: RusqliteStore,
    key: Key,
    https: bool,
}

impl Sessions {
    /// Opens the store.
    pub(crate) async fn open(
        config: &SessionConfig,
        clerk_secret_key: &SecretString,
        https: bool,
    ) -> Result<Self, StoreError> {
        let secret = config.secret.as_ref().unwrap_or(clerk_secret_key);
        Ok(Self {
            store: store::open(&config.store).await?,
            key: signing_key(secret.expose_secret().as_bytes()),
            https,
        })
    }

    /// Returns the layer that gives handlers sessions. Visitors get a cookie and a row only once something is stored.
    pub(crate) fn layer(
        &self,
    ) -> SessionManagerLayer<RusqliteStore, impl tower_sessions::service::CookieController + use<>> {
        SessionManagerLayer::new(self.store.clone())
            .with_name(COOKIE)
            // Not `Strict`: signing in ends with a navigation from another site.
            .with_same_site(SameSite::Lax)
            .with_secure(self.https)
            .with_expiry(Expiry::OnInactivity(LIFETIME))
            .with_signed(self.key.clone())
    }

    /// Checks that the store answers.
    pub(crate) async fn check(&self) -> session_store::Result<()> {
        self.store.load(&Id::default()).await.map(drop)
    }

    /// Deletes expired sessions at regular intervals for as long as it is polled. Failures are logged.
    pub(crate) async fn delete_expired(&self) {
        let mut ticks = tokio::time::interval(CLEANUP_INTERVAL);
        loop {
            ticks.tick().await;
            if let Err(error) = self.store.delete_expired().await {
                tracing::warn!(%error, "expired sessions could not be deleted; trying again later");
            }
        }
    }
}

/// Derives the key that signs the session cookie, so that no secret serves two purposes.
fn signing_key(secret: &[u8]) -> Key {
    struct KeyLength;
    impl hkdf::KeyType for KeyLength {
        fn len(&self) -> usize {
            64
        }
    }
    let mut key = [0; 64];
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA512, b"leptos-with-clerk")
        .extract(secret)
        .expand(&[b"session cookie"], KeyLength)
        .and_then(|derived| derived.fill(&mut key));
    #[expect(clippy::expect_used, reason = "HKDF-SHA512 gives up to 16320 bytes")]
    derived.expect("64 bytes of key");
    Key::from(&key)
}
