//! Snapshots that were read from the session store a moment ago.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tower_sessions::session::Id;

use super::Snapshot;

/// How long the store is not asked again. A snapshot that another process stored is seen after this time.
const TIME_TO_LIVE: Duration = Duration::from_secs(10);

/// The number of sessions in one generation.
const GENERATION: usize = 5_000;

/// A bounded cache in front of the session store, by the id of the app's session. Only what the store returned enters
/// it, so nobody without a session can fill it.
#[derive(Default)]
pub(super) struct RecentSnapshots(Mutex<Generations>);

type Generation = HashMap<Id, (Instant, Snapshot)>;

/// Two generations: once the current one is full, it replaces the previous one. No operation visits every session.
#[derive(Default)]
struct Generations {
    current: Generation,
    previous: Generation,
}

impl RecentSnapshots {
    pub(super) fn get(&self, session: Id, now: Instant) -> Option<Snapshot> {
        let generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = generations.current.get(&session);
        let (since, snapshot) = found.or_else(|| generations.previous.get(&session))?;
        (now.saturating_duration_since(*since) < TIME_TO_LIVE).then(|| snapshot.clone())
    }

    pub(super) fn insert(&self, session: Id, snapshot: Snapshot, now: Instant) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.current.len() >= GENERATION {
            generations.previous = mem::take(&mut generations.current);
        }
        generations.current.insert(session, (now, snapshot));
    }

    pub(super) fn remove(&self, session: Id) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.current.remove(&session);
        generations.previous.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use clerk_auth::User;

    use super::*;

    fn snapshot() -> Snapshot {
        Snapshot {
            session_id: "sess_1".to_owned(),
            user: User::default(),
            fetched_at: 0,
        }
    }

    #[test]
    fn a_snapshot_lasts_for_its_time_or_until_it_is_removed() {
        let (recent, start) = (RecentSnapshots::default(), Instant::now());
        recent.insert(Id(1), snapshot(), start);
        assert!(recent.get(Id(1), start).is_some());
        assert!(recent.get(Id(2), start).is_none());
        assert!(recent.get(Id(1), start + TIME_TO_LIVE).is_none());
        recent.remove(Id(1));
        assert!(recent.get(Id(1), start).is_none());
    }

    #[test]
    fn the_latest_sessions_are_kept_and_their_number_is_bounded() {
        let (recent, start) = (RecentSnapshots::default(), Instant::now());
        let last = 3 * GENERATION as i128;
        for session in 0..last {
            recent.insert(Id(session), snapshot(), start);
        }
        assert!(recent.get(Id(0), start).is_none());
        assert!(recent.get(Id(last - GENERATION as i128), start).is_some());
        let generations = recent.0.lock().unwrap();
        assert!(generations.current.len() + generations.previous.len() <= 2 * GENERATION);
    }
}
