//! Users who have changed, so that no older snapshot of them is used.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Unix times in seconds, by user id. Only this process knows them: other processes see a change once their
/// snapshots are too old.
#[derive(Debug, Default)]
pub(super) struct Changes(Mutex<HashMap<String, i64>>);

impl Changes {
    /// Records a change, and forgets those that every usable snapshot is younger than.
    pub(super) fn record(&self, user_id: &str, now: i64, max_age: i64) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.retain(|_, at| now - *at < max_age);
        times.insert(user_id.to_owned(), now);
    }

    /// Checks whether a user has changed since a snapshot was fetched.
    pub(super) fn since(&self, user_id: &str, fetched_at: i64) -> bool {
        let times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Within one second the order is unknown, so the change counts.
        times.get(user_id).is_some_and(|at| *at >= fetched_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_outdates_snapshots_up_to_its_own_second() {
        let changes = Changes::default();
        changes.record("user_1", 100, 60);
        assert!(changes.since("user_1", 99));
        assert!(changes.since("user_1", 100));
        assert!(!changes.since("user_1", 101));
        assert!(!changes.since("user_2", 99));
    }

    #[test]
    fn changes_are_forgotten_once_no_snapshot_can_be_older() {
        let changes = Changes::default();
        changes.record("user_1", 100, 60);
        changes.record("user_2", 160, 60);
        assert!(!changes.since("user_1", 0));
    }
}
