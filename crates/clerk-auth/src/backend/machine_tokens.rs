//! The answers of the Backend API about the tokens of programs, remembered for a moment.
//!
//! Each request of a program would otherwise be a call with the secret key, and anybody can send any token. So concurrent
//! requests share a call, its answer is used for [`KNOWN`], and the number of calls per second is limited. A token that is
//! revoked is accepted for that long at most, by this process.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    mem,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aws_lc_rs::digest::{SHA256, digest};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::OnceCell;

use super::api::{ApiError, VerifiedToken};

/// How long an answer is used.
const KNOWN: Duration = Duration::from_secs(10);
/// The number of tokens in one generation.
const GENERATION: usize = 5_000;
/// More than the length of any token of Clerk that is not a JWT.
const MAX_LENGTH: usize = 512;

/// The tokens of one instance.
#[derive(Debug)]
pub(crate) struct MachineTokens {
    generations: Mutex<Generations>,
    budget: DefaultDirectRateLimiter,
}

/// Two generations: once the current one is full or old, it replaces the previous one. No operation visits every token.
#[derive(Default)]
struct Generations {
    current: Generation,
    previous: Generation,
    since: Option<Instant>,
}

/// By the hash of the token, which is a secret.
type Generation = HashMap<Vec<u8>, (Instant, Entry)>;

/// The answer to a call. Concurrent requests wait for the same cell.
type Entry = Arc<OnceCell<Answer>>;

/// What the Backend API says about a token, or why it says nothing.
pub(crate) type Answer = Result<VerifiedToken, Arc<ApiError>>;

impl std::fmt::Debug for Generations {
    /// Omits the owners of tokens, which are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generations").finish_non_exhaustive()
    }
}

impl MachineTokens {
    pub(crate) fn new(calls_per_second: NonZeroU32) -> Self {
        Self {
            generations: Mutex::default(),
            budget: RateLimiter::direct(Quota::per_second(calls_per_second)),
        }
    }

    /// The answer about a token, asked for by `ask` unless it is known. `None` if the text cannot be a token.
    pub(crate) async fn answer<F>(&self, token: &str, now: Instant, ask: impl FnOnce() -> F) -> Option<Answer>
    where
        F: Future<Output = Result<VerifiedToken, ApiError>>,
    {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let key = digest(&SHA256, token.as_bytes()).as_ref().to_vec();
        let entry = self.lock().entry(&key, now);
        let answer = entry.get_or_init(async || {
            match self.budget.check() {
                Ok(()) => ask().await,
                Err(_) => Err(ApiError::TooManyTokens),
            }
            .map_err(Arc::new)
        });
        let answer = answer.await.clone();
        if answer.as_ref().is_err_and(|error| error.retry_after().is_some()) {
            self.lock().remove(&key);
        }
        Some(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    /// The entry of a token, a new one if nothing is known about it.
    fn entry(&mut self, key: &[u8], now: Instant) -> Entry {
        let is_over = |since: Instant| now.saturating_duration_since(since) >= KNOWN;
        if self.since.is_some_and(is_over) || self.current.len() >= GENERATION {
            self.previous = mem::take(&mut self.current);
        }
        if self.current.is_empty() {
            self.since = Some(now);
        }
        let found = self.current.get(key).or_else(|| self.previous.get(key));
        if let Some((since, entry)) = found
            && !is_over(*since)
        {
            return Arc::clone(entry);
        }
        let entry = Entry::default();
        self.previous.remove(key);
        self.current.insert(key.to_vec(), (now, Arc::clone(&entry)));
        entry
    }

    fn remove(&mut self, key: &[u8]) {
        self.current.remove(key);
        self.previous.remove(key);
    }
}
