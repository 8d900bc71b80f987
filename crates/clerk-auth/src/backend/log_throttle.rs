//! Log lines that many requests would repeat.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const INTERVAL: Duration = Duration::from_secs(60);

/// Permits one log line a minute.
#[derive(Debug)]
pub(crate) struct LogThrottle(Mutex<Option<Instant>>);

impl LogThrottle {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    pub(crate) fn permits(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let permits = last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if permits {
            *last = Some(Instant::now());
        }
        permits
    }
}
