//! Snapshots that were read from the session store a moment ago.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tower_sessions::session::Id;

use super::Snapshot;

/// How long the store is not asked again. A snapshot that another process stored is seen after this time.
const TIME_TO_LIVE: Duration = Duration::from_secs(10);

const CAPACITY: usize = 10_000;

/// A bounded cache in front of the session store, by the id of the app's session. Only what the store returned, or was
/// given, enters it, so nobody without a session can fill it.
#[derive(Default)]
pub(super) struct RecentSnapshots(Mutex<HashMap<Id, (Instant, Snapshot)>>);

impl RecentSnapshots {
    pub(super) fn get(&self, session: Id, now: Instant) -> Option<Snapshot> {
        let snapshots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, snapshot) = snapshots.get(&session)?;
        (now.saturating_duration_since(*since) < TIME_TO_LIVE).then(|| snapshot.clone())
    }

    pub(super) fn insert(&self, session: Id, snapshot: Snapshot, now: Instant) {
        let mut snapshots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if snapshots.len() >= CAPACITY {
            snapshots.retain(|_, (since, _)| now.saturating_duration_since(*since) < TIME_TO_LIVE);
        }
        // If all are recent, this one is read from the store again.
        if snapshots.len() < CAPACITY {
            snapshots.insert(session, (now, snapshot));
        }
    }

    pub(super) fn remove(&self, session: Id) {
        let mut snapshots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.remove(&session);
    }
}
