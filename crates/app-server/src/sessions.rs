//! The app's sessions: a signed cookie and a store.

use std::time::Duration;

use aws_lc_rs::hkdf;
use axum_clerk::{Revocation, RevocationStore, Revocations, UserSnapshots, clerk_auth::IssuedUntilFuture};
use secrecy::{ExposeSecret, SecretString};
use session_stores::{BestEffortStore, CookieOptions, Notice, OpenError, SessionLayer, Store, StoreOptions};
use tower_sessions::{
    cookie::{Key, time::OffsetDateTime},
    session_store,
};

use crate::config::SessionConfig;

/// Not `__session`, which is Clerk's.
const COOKIE: &str = "app_session";

/// Where the app is reached over HTTPS.
const HOST_COOKIE: &str = "__Host-app_session";

/// How long a session lasts without being saved: as long as Clerk's own sessions last by default.
const INACTIVITY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How often expired sessions are deleted.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Revocations that this process remembers. More within three minutes are looked up in the store.
const REVOCATIONS: usize = 50_000;

/// The session store and the properties of the session cookie. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: BestEffortStore,
    revocations: Revocations,
    cookie: CookieOptions,
}

impl Sessions {
    /// Opens the store. `clerk_secret_key` takes the place of a secret that is not configured, and `https` says whether browsers
    /// reach the app by HTTPS, so that the cookie is sent only there.
    ///
    /// # Errors
    ///
    /// The store cannot be reached, or is not one.
    pub async fn open(
        config: &SessionConfig,
        clerk_secret_key: &SecretString,
        https: bool,
    ) -> Result<Self, OpenError> {
        let (secret, earlier_secrets) = config.secrets.split_first().unwrap_or((clerk_secret_key, &[]));
        let cookie = CookieOptions {
            name: if https { HOST_COOKIE } else { COOKIE },
            secure: https,
            key: signing_key(secret),
            earlier_keys: earlier_secrets.iter().map(signing_key).collect(),
            inactivity: INACTIVITY,
        };
        let options = StoreOptions {
            max_age: config.max_age,
            owner: UserSnapshots::owner,
        };
        let store = Store::open(&config.store, options).await?;
        Ok(Self {
            revocations: Revocations::with_store(REVOCATIONS, StoredRevocations(store.clone())),
            store: BestEffortStore::new(store),
            cookie,
        })
    }

    /// Returns the layer that gives handlers sessions.
    pub fn layer(&self) -> SessionLayer {
        SessionLayer::new(self.store.clone(), self.cookie.clone())
    }

    /// Checks that the store can be written to.
    ///
    /// # Errors
    ///
    /// It cannot.
    pub async fn check(&self) -> session_store::Result<()> {
        self.store.check().await
    }

    /// Deletes expired sessions at regular intervals for as long as it is polled. Failures are logged.
    pub async fn delete_expired(&self) {
        let mut ticks = tokio::time::interval(CLEANUP_INTERVAL);
        loop {
            ticks.tick().await;
            if let Err(error) = self.store.inner().delete_expired().await {
                tracing::warn!(%error, "expired sessions could not be deleted; trying again later");
            }
        }
    }

    /// The sessions and users whose tokens count as expired, for the options of Clerk.
    pub fn revocations(&self) -> Revocations {
        self.revocations.clone()
    }

    /// Revokes tokens on every node, here at once, and deletes the sessions of a deleted user.
    ///
    /// # Errors
    ///
    /// The store failed, and other nodes do not know.
    pub async fn revoke(&self, revocation: &Revocation, is_deleted_user: bool) -> session_store::Result<()> {
        self.revocations.record(revocation);
        let store = self.store.inner();
        store.publish(&to_notice(revocation)).await?;
        match is_deleted_user {
            true => store.delete_owned(&revocation.subject).await,
            false => Ok(()),
        }
    }

    /// Learns what has been revoked before this process was started.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn load_revocations(&self) -> session_store::Result<()> {
        for notice in self.store.inner().notices().await? {
            self.revocations.record(&to_revocation(&notice));
        }
        Ok(())
    }

    /// Learns what other nodes revoke for as long as it is polled.
    pub async fn watch_revocations(&self, snapshots: &UserSnapshots) {
        let receive = |notice: &Notice| {
            self.revocations.record(&to_revocation(notice));
            snapshots.invalidate(&notice.subject);
        };
        self.store.inner().watch(receive).await;
    }
}

fn to_notice(revocation: &Revocation) -> Notice {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    Notice {
        subject: revocation.subject.clone(),
        value: revocation.issued_until,
        expires: now + Revocation::LIFETIME,
    }
}

fn to_revocation(notice: &Notice) -> Revocation {
    Revocation::new(&notice.subject, notice.value)
}

struct StoredRevocations(Store);

impl RevocationStore for StoredRevocations {
    fn issued_until<'a>(&'a self, subject: &'a str) -> IssuedUntilFuture<'a> {
        Box::pin(async move { Ok(self.0.notice(subject).await?.map(|notice| notice.value)) })
    }
}

/// Derives the key that signs the session cookie, so that no secret serves two purposes.
fn signing_key(secret: &SecretString) -> Key {
    struct KeyLength;
    impl hkdf::KeyType for KeyLength {
        fn len(&self) -> usize {
            64
        }
    }
    let mut key = [0; 64];
    let derived = hkdf::Salt::new(hkdf::HKDF_SHA512, b"leptos-with-clerk")
        .extract(secret.expose_secret().as_bytes())
        .expand(&[b"session cookie"], KeyLength)
        .and_then(|derived| derived.fill(&mut key));
    #[expect(clippy::expect_used, reason = "HKDF-SHA512 gives up to 16320 bytes")]
    derived.expect("64 bytes of key");
    Key::from(&key)
}
