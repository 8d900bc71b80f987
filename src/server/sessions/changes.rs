//! Which users Clerk says have changed, so that no older snapshot of them is shown.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Unix times in seconds, by user id. Kept by this process alone: snapshots are refetched soon anyway,
/// and a change is only noticed sooner with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes(Arc<Mutex<HashMap<String, i64>>>);

impl Changes {
    /// Notes a change, and forgets those that no snapshot is older than.
    pub(super) fn note(&self, user_id: &str, now: i64, max_age: i64) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.retain(|_, at| now - *at < max_age);
        times.insert(user_id.to_owned(), now);
    }

    /// Has the user changed since?
    pub(super) fn since(&self, user_id: &str, fetched_at: i64) -> bool {
        let times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock counts whole seconds.
        times.get(user_id).is_some_and(|at| *at >= fetched_at)
    }
}
