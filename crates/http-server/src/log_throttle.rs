//! Log lines that many requests would repeat.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const INTERVAL: Duration = Duration::from_secs(60);

/// Permits one log line a minute.
///
/// ```
/// let throttle = http_server::LogThrottle::default();
/// assert!(throttle.permits());
/// assert!(!throttle.permits());
/// ```
#[derive(Debug, Default)]
pub struct LogThrottle(Mutex<Option<Instant>>);

impl LogThrottle {
    /// Whether the line may be logged now.
    pub fn permits(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let permits = last.is_none_or(|last| last.elapsed() >= INTERVAL);
        if permits {
            *last = Some(Instant::now());
        }
        permits
    }
}
