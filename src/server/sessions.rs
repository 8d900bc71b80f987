//! Sessions of the app: a signed cookie, and what the server remembers under it.

mod changes;
mod snapshot;
mod store;

pub(crate) use self::snapshot::{refresh, with_user};

use std::time::Duration;

use aws_lc_rs::hkdf;
use axum::Router;
use secrecy::{ExposeSecret, SecretString};
use tower_sessions::{
    ExpiredDeletion, Expiry, MemoryStore, SessionManagerLayer, SessionStore,
    cookie::{Key, SameSite, time},
    session::Id,
    session_store,
};
use tower_sessions_rusqlite_store::RusqliteStore;

use crate::config::{SessionConfig, StoreKind};
use changes::Changes;

pub use self::store::StoreError;

/// Not `__session`, which is Clerk's.
const COOKIE: &str = "app_session";

/// As long as Clerk's own sessions last by default.
const LIFETIME: time::Duration = time::Duration::days(7);

/// How often expired sessions are deleted.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Where sessions are kept, and how their cookie is made. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sessions {
    store: Store,
    key: Key,
    https: bool,
    changes: Changes,
}

#[derive(Clone, Debug)]
enum Store {
    Sqlite(RusqliteStore),
    Memory(MemoryStore),
}

impl Sessions {
    /// Opens the store.
    pub(crate) async fn open(
        config: &SessionConfig,
        clerk_secret_key: &SecretString,
        https: bool,
    ) -> Result<Self, StoreError> {
        let store = match &config.store {
            StoreKind::Sqlite(path) => Store::Sqlite(store::open(path).await?),
            StoreKind::Memory => Store::Memory(MemoryStore::default()),
        };
        let secret = config.secret.as_ref().unwrap_or(clerk_secret_key);
        Ok(Self {
            store,
            key: signing_key(secret.expose_secret().as_bytes()),
            https,
            changes: Changes::default(),
        })
    }

    /// Gives the handlers of `router` sessions. Nobody gets a cookie or a row before something is
    /// stored.
    pub(crate) fn layer(&self, router: Router) -> Router {
        match &self.store {
            Store::Sqlite(store) => router.layer(self.manager(store.clone())),
            Store::Memory(store) => router.layer(self.manager(store.clone())),
        }
    }

    fn manager<S: SessionStore>(
        &self,
        store: S,
    ) -> SessionManagerLayer<S, impl tower_sessions::service::CookieController + use<S>> {
        SessionManagerLayer::new(store)
            .with_name(COOKIE)
            // Not `Strict`: sign-in comes back by a navigation from another site.
            .with_same_site(SameSite::Lax)
            .with_secure(self.https)
            .with_expiry(Expiry::OnInactivity(LIFETIME))
            .with_signed(self.key.clone())
    }

    /// Clerk says that a user has changed or is gone: no snapshot from before is shown any more.
    pub(crate) fn user_changed(&self, user_id: &str) {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        self.changes.note(user_id, now, snapshot::MAX_AGE.whole_seconds());
    }

    /// Whether the store answers.
    pub(crate) async fn check(&self) -> session_store::Result<()> {
        let nobody = Id::default();
        match &self.store {
            Store::Sqlite(store) => store.load(&nobody).await.map(drop),
            Store::Memory(store) => store.load(&nobody).await.map(drop),
        }
    }

    /// Deletes expired sessions from time to time, for as long as it is polled. A failure is logged
    /// and does not end it.
    pub(crate) async fn sweep(&self) {
        let Store::Sqlite(store) = &self.store else { return };
        let mut ticks = tokio::time::interval(SWEEP);
        loop {
            ticks.tick().await;
            if let Err(error) = store.delete_expired().await {
                tracing::warn!(%error, "expired sessions could not be deleted; trying again later");
            }
        }
    }
}

/// The key that signs the session cookie, derived so that neither secret is used for two purposes.
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
