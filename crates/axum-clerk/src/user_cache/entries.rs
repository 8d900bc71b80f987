//! The entries of the cache, without the fetching: which users are cached, and since when.

use std::{collections::HashMap, sync::Arc, time::Instant};

use clerk_auth::User;
use tokio::sync::OnceCell;

use crate::FetchUserError;

/// A user, or why there is none, once it is known. Concurrent requests for the user wait for the same cell.
pub(super) type Entry = Arc<OnceCell<Fetched>>;

pub(super) struct Fetched {
    pub(super) outcome: Result<User, FetchUserError>,
    /// When it is fetched again.
    pub(super) until: Instant,
}

pub(super) struct Entries {
    capacity: usize,
    /// With the time at which fetching began, so that an entry is never taken for younger than its data.
    by_id: HashMap<String, (Instant, Entry)>,
}

fn is_current(entry: &Entry, now: Instant) -> bool {
    entry.get().is_none_or(|fetched| now < fetched.until)
}

impl Entries {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            by_id: HashMap::new(),
        }
    }

    /// Returns the entry of a user and the time at which fetching began, a new one if there is none that is current.
    pub(super) fn entry(&mut self, user_id: &str, now: Instant) -> (Instant, Entry) {
        if let Some((since, entry)) = self.by_id.get(user_id)
            && is_current(entry, now)
        {
            return (*since, Arc::clone(entry));
        }
        let entry = Entry::default();
        self.by_id.remove(user_id);
        if self.by_id.len() >= self.capacity {
            self.evict(now);
        }
        if self.by_id.len() < self.capacity {
            self.by_id.insert(user_id.to_owned(), (now, Arc::clone(&entry)));
        }
        (now, entry)
    }

    pub(super) fn remove(&mut self, user_id: &str) {
        self.by_id.remove(user_id);
    }

    /// Removes what is too old, or else the oldest entry.
    fn evict(&mut self, now: Instant) {
        self.by_id.retain(|_, (_, entry)| is_current(entry, now));
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
    use std::time::Duration;

    use super::*;

    const MAX_AGE: Duration = Duration::from_secs(60);

    fn is_same(left: &Entry, right: &Entry) -> bool {
        Arc::ptr_eq(left, right)
    }

    /// The entry of a user, who is fetched at once if necessary.
    fn entry(entries: &mut Entries, user_id: &str, now: Instant) -> Entry {
        let (since, entry) = entries.entry(user_id, now);
        // Fails if it is known already.
        let _ = entry.set(Fetched {
            outcome: Ok(User::default()),
            until: since + MAX_AGE,
        });
        entry
    }

    #[test]
    fn an_entry_lasts_until_its_maximum_age() {
        let (mut entries, start) = (Entries::new(10), Instant::now());
        let first = entry(&mut entries, "user_1", start);
        let young = entry(&mut entries, "user_1", start + MAX_AGE - Duration::from_millis(1));
        assert!(is_same(&first, &young));
        let old = entry(&mut entries, "user_1", start + MAX_AGE);
        assert!(!is_same(&first, &old));
    }

    #[test]
    fn an_entry_that_is_being_fetched_is_shared() {
        let (mut entries, start) = (Entries::new(10), Instant::now());
        let (_, first) = entries.entry("user_1", start);
        let (since, second) = entries.entry("user_1", start + 2 * MAX_AGE);
        assert!(is_same(&first, &second));
        assert_eq!(since, start);
    }

    #[test]
    fn a_removed_entry_is_replaced() {
        let (mut entries, now) = (Entries::new(10), Instant::now());
        let first = entry(&mut entries, "user_1", now);
        entries.remove("user_1");
        assert!(!is_same(&first, &entry(&mut entries, "user_1", now)));
    }

    #[test]
    fn the_oldest_entry_makes_room() {
        let (mut entries, start) = (Entries::new(2), Instant::now());
        let second = |seconds| start + Duration::from_secs(seconds);
        let first = entry(&mut entries, "user_1", second(0));
        let other = entry(&mut entries, "user_2", second(1));
        entry(&mut entries, "user_3", second(2));
        assert_eq!(entries.by_id.len(), 2);
        assert!(is_same(&other, &entry(&mut entries, "user_2", second(3))));
        assert!(!is_same(&first, &entry(&mut entries, "user_1", second(3))));
    }

    #[test]
    fn entries_that_are_too_old_make_room_first() {
        let (mut entries, start) = (Entries::new(2), Instant::now());
        entry(&mut entries, "user_1", start);
        entry(&mut entries, "user_2", start);
        entry(&mut entries, "user_3", start + MAX_AGE);
        assert_eq!(entries.by_id.len(), 1);
    }

    #[test]
    fn without_capacity_nothing_is_stored() {
        let (mut entries, now) = (Entries::new(0), Instant::now());
        entry(&mut entries, "user_1", now);
        assert!(entries.by_id.is_empty());
    }
}
