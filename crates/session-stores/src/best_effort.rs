//! A session store that does not take pages down when it fails.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use tokio::time::timeout;
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::Store;

/// How long the store may take for one operation.
const LIMIT: Duration = Duration::from_secs(2);

/// How long the store is left alone after a failure, so that not every request waits for it.
const PAUSE: Duration = Duration::from_secs(5);

/// The time between two log lines.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Wraps a store so that its failures are logged and not returned: sessions are then empty when they are loaded, and are
/// not kept. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BestEffortStore {
    store: Store,
    state: Arc<Mutex<State>>,
    failures: Arc<AtomicU64>,
}

#[derive(Debug, Default)]
struct State {
    failed: Option<Instant>,
    logged: Option<Instant>,
}

impl BestEffortStore {
    /// Wraps a store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            state: Arc::default(),
            failures: Arc::default(),
        }
    }

    /// The store itself, whose failures are returned.
    #[must_use]
    pub const fn inner(&self) -> &Store {
        &self.store
    }

    /// Checks that the store can be written to, also during a pause, which ends if it can.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn check(&self) -> Result<()> {
        self.store.check().await?;
        self.state().failed = None;
        Ok(())
    }

    /// How many operations have had no effect so far, other than for a record that cannot be decoded.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Relaxed)
    }

    /// Returns the result of an operation, or `None` if it fails or the store is left alone.
    async fn attempt<T>(&self, operation: impl Future<Output = Result<T>>) -> Option<T> {
        if self.is_paused() {
            self.failures.fetch_add(1, Relaxed);
            return None;
        }
        let error = match timeout(LIMIT, operation).await {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(error)) => error,
            Err(_) => Error::Backend("no response in time".to_owned()),
        };
        metrics::counter!("session_store_errors_total").increment(1);
        let now = Instant::now();
        let mut state = self.state();
        // One record that cannot be decoded says nothing about the others.
        if !matches!(error, Error::Decode(_)) {
            state.failed = Some(now);
            self.failures.fetch_add(1, Relaxed);
        }
        if state.logged.is_none_or(|logged| now - logged >= LOG_INTERVAL) {
            state.logged = Some(now);
            tracing::error!(%error, "the session store failed; pages are served without it");
        }
        None
    }

    fn is_paused(&self) -> bool {
        self.state().failed.is_some_and(|failed| failed.elapsed() < PAUSE)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SessionStore for BestEffortStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        if self.attempt(self.store.create(record)).await.is_some() {
            metrics::counter!("sessions_created_total").increment(1);
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.attempt(self.store.save(record)).await;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let loaded = self.attempt(self.store.load(id)).await;
        // Not `None`: tower-sessions logs an unknown session as suspicious, for each request.
        Ok(loaded.unwrap_or_else(|| {
            Some(Record {
                id: *id,
                data: HashMap::new(),
                expiry_date: OffsetDateTime::now_utc(),
            })
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        if self.attempt(self.store.delete(id)).await.is_some() {
            metrics::counter!("sessions_ended_total").increment(1);
        }
        Ok(())
    }
}
