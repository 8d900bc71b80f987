//! The cookies of handshake nonces, each looked up once.
//!
//! Anybody can send any nonce, and each lookup is a call with the secret key. So concurrent requests share one, a nonce that
//! the Backend API does not know is remembered, and the number of lookups per second is limited.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    mem,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::OnceCell;

use super::api::ApiError;

/// How long cookies are remembered: the Backend API returns them once, but several tabs may return with one nonce.
const KNOWN: Duration = Duration::from_secs(10);
/// How long unknown nonces are remembered at least, unless there are too many.
const UNKNOWN: Duration = Duration::from_secs(5 * 60);
/// The number of nonces in one generation.
const GENERATION: usize = 5_000;
/// More than the length of any nonce of Clerk, which fits into a URL.
const MAX_LENGTH: usize = 512;

/// The nonces of one instance.
#[derive(Debug)]
pub(crate) struct Nonces {
    generations: Mutex<Generations>,
    budget: DefaultDirectRateLimiter,
}

/// Two generations: once the current one is full or old, it replaces the previous one. No operation visits every nonce.
#[derive(Default)]
struct Generations {
    current: Generation,
    previous: Generation,
    since: Option<Instant>,
}

type Generation = HashMap<String, (Instant, Entry)>;

/// The result of a lookup. Concurrent requests wait for the same cell.
type Entry = Arc<OnceCell<Lookup>>;

/// `None` if the Backend API does not know the nonce.
type Lookup = Result<Option<Vec<String>>, Arc<ApiError>>;

impl std::fmt::Debug for Generations {
    /// Omits nonces and cookies, which are secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generations").finish_non_exhaustive()
    }
}

impl Nonces {
    pub(crate) fn new(lookups_per_second: NonZeroU32) -> Self {
        Self {
            generations: Mutex::default(),
            budget: RateLimiter::direct(Quota::per_second(lookups_per_second)),
        }
    }

    /// The cookies of a nonce, looked up by `fetch` unless they are remembered. `None` if there is no such nonce.
    pub(crate) async fn cookies<F>(&self, nonce: &str, now: Instant, fetch: impl FnOnce() -> F) -> Lookup
    where
        F: Future<Output = Result<Vec<String>, ApiError>>,
    {
        if !is_plausible(nonce) {
            return Ok(None);
        }
        let entry = self.lock().entry(nonce, now);
        let lookup = entry.get_or_init(async || {
            let cookies = match self.budget.check() {
                Ok(()) => fetch().await,
                Err(_) => Err(ApiError::TooManyHandshakes),
            };
            match cookies {
                Ok(cookies) => Ok(Some(cookies)),
                Err(error) if error.retry_after().is_some() => Err(Arc::new(error)),
                Err(error) => {
                    tracing::warn!(%error, "the Backend API does not know the nonce of a handshake");
                    Ok(None)
                }
            }
        });
        let lookup = lookup.await.clone();
        if lookup.is_err() {
            self.lock().remove(nonce);
        }
        lookup
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    /// The entry of a nonce, a new one if nothing is known about it.
    fn entry(&mut self, nonce: &str, now: Instant) -> Entry {
        let is_old = self
            .since
            .is_some_and(|since| now.saturating_duration_since(since) >= UNKNOWN);
        if is_old || self.current.len() >= GENERATION {
            self.previous = mem::take(&mut self.current);
        }
        if self.current.is_empty() {
            self.since = Some(now);
        }
        let found = self.current.get(nonce).or_else(|| self.previous.get(nonce));
        if let Some((since, entry)) = found {
            let has_cookies = matches!(entry.get(), Some(Ok(Some(_))));
            if !has_cookies || now.saturating_duration_since(*since) < KNOWN {
                return Arc::clone(entry);
            }
        }
        let entry = Entry::default();
        self.previous.remove(nonce);
        self.current.insert(nonce.to_owned(), (now, Arc::clone(&entry)));
        entry
    }

    fn remove(&mut self, nonce: &str) {
        self.current.remove(nonce);
        self.previous.remove(nonce);
    }
}

/// Whether a text may be a nonce: what Clerk's are made of is not documented, but they travel in URLs and cookies.
fn is_plausible(nonce: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte);
    nonce.len() <= MAX_LENGTH && nonce.bytes().all(is_allowed)
}
