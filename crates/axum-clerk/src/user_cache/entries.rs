//! The entries of the cache, without the fetching: which users are cached, and since when.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use clerk_auth::User;
use tokio::sync::OnceCell;

/// A user, once it has been fetched. Concurrent requests for the user wait for the same cell.
pub(super) type Entry = Arc<OnceCell<User>>;

pub(super) struct Entries {
    capacity: usize,
    /// With the time at which fetching began, so that an entry is never taken for younger than its data.
    by_id: HashMap<String, (Instant, Entry)>,
}

impl Entries {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            by_id: HashMap::new(),
        }
    }

    /// Returns the entry of a user, a new one if there is none younger than `max_age`.
    pub(super) fn entry(&mut self, user_id: &str, now: Instant, max_age: Duration) -> Entry {
        if let Some((since, entry)) = self.by_id.get(user_id)
            && now.saturating_duration_since(*since) < max_age
        {
            return Arc::clone(entry);
        }
        let entry = Entry::default();
        self.by_id.remove(user_id);
        if self.by_id.len() >= self.capacity {
            self.evict(now, max_age);
        }
        if self.by_id.len() < self.capacity {
            self.by_id.insert(user_id.to_owned(), (now, Arc::clone(&entry)));
        }
        entry
    }

    pub(super) fn remove(&mut self, user_id: &str) {
        self.by_id.remove(user_id);
    }

    /// Removes what is too old, or else the oldest entry.
    fn evict(&mut self, now: Instant, max_age: Duration) {
        self.by_id
            .retain(|_, (since, _)| now.saturating_duration_since(*since) < max_age);
        if self.by_id.len() < self.capacity {
            return;
        }
        let oldest = self.by_id.iter().min_by_key(|(_, (since, _))| *since);
        if let Some(user_id) = oldest.map(|(user_id, _)| user_id.clone()) {
            self.by_id.remove(&user_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_AGE: Duration = Duration::from_secs(60);

    fn is_same(left: &Entry, right: &Entry) -> bool {
        Arc::ptr_eq(left, right)
    }

    #[test]
    fn an_entry_lasts_until_its_maximum_age() {
        let (mut entries, start) = (Entries::new(10), Instant::now());
        let first = entries.entry("user_1", start, MAX_AGE);
        let young = entries.entry("user_1", start + MAX_AGE - Duration::from_millis(1), MAX_AGE);
        assert!(is_same(&first, &young));
        let old = entries.entry("user_1", start + MAX_AGE, MAX_AGE);
        assert!(!is_same(&first, &old));
    }

    #[test]
    fn a_removed_entry_is_replaced() {
        let (mut entries, now) = (Entries::new(10), Instant::now());
        let first = entries.entry("user_1", now, MAX_AGE);
        entries.remove("user_1");
        assert!(!is_same(&first, &entries.entry("user_1", now, MAX_AGE)));
    }

    #[test]
    fn the_oldest_entry_makes_room() {
        let (mut entries, start) = (Entries::new(2), Instant::now());
        let second = |seconds| start + Duration::from_secs(seconds);
        let first = entries.entry("user_1", second(0), MAX_AGE);
        let other = entries.entry("user_2", second(1), MAX_AGE);
        entries.entry("user_3", second(2), MAX_AGE);
        assert_eq!(entries.by_id.len(), 2);
        assert!(is_same(&other, &entries.entry("user_2", second(3), MAX_AGE)));
        assert!(!is_same(&first, &entries.entry("user_1", second(3), MAX_AGE)));
    }

    #[test]
    fn entries_that_are_too_old_make_room_first() {
        let (mut entries, start) = (Entries::new(2), Instant::now());
        entries.entry("user_1", start, MAX_AGE);
        entries.entry("user_2", start, MAX_AGE);
        entries.entry("user_3", start + MAX_AGE, MAX_AGE);
        assert_eq!(entries.by_id.len(), 1);
    }

    #[test]
    fn without_capacity_nothing_is_stored() {
        let (mut entries, now) = (Entries::new(0), Instant::now());
        entries.entry("user_1", now, MAX_AGE);
        assert!(entries.by_id.is_empty());
    }
}
