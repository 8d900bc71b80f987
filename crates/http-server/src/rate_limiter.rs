//! Limits on the rate of what clients do.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota,
    clock::{Clock, DefaultClock},
    state::{InMemoryState, NotKeyed, StateStore},
};

/// Limits how often something is done for each key, such as the address of a client: so many times a minute, of which all
/// may be at once. Takes eight bytes for each of its buckets, whatever clients do.
///
/// Keys are distributed over the buckets at random, and those in one bucket share their budget. A table of keys would have
/// to forget some of them, or refuse new ones, as soon as somebody with many addresses has filled it.
///
/// ```
/// use std::num::NonZeroU32;
/// use http_server::RateLimiter;
///
/// let limiter = RateLimiter::new(NonZeroU32::MIN, RateLimiter::BUCKETS);
/// assert!(limiter.check(&"Ada").is_ok());
/// assert!(limiter.check(&"Ada").is_err());
/// ```
#[derive(Debug)]
pub struct RateLimiter {
    limiter: governor::RateLimiter<u64, Buckets, DefaultClock>,
    hasher: RandomState,
}

impl RateLimiter {
    /// A number of buckets, half a megabyte, with which two of a few hundred active clients rarely share one.
    pub const BUCKETS: usize = 1 << 16;

    /// Permits `per_minute` for each key. With one bucket, all keys together have that budget.
    #[must_use]
    pub fn new(per_minute: NonZeroU32, buckets: usize) -> Self {
        let buckets = Buckets((0..buckets.max(1)).map(|_| InMemoryState::default()).collect());
        let quota = Quota::per_minute(per_minute);
        Self {
            limiter: governor::RateLimiter::new(quota, buckets, DefaultClock::default()),
            hasher: RandomState::new(),
        }
    }

    /// Takes one from the budget of a key.
    ///
    /// # Errors
    ///
    /// The budget is used up. The error is the time until there is one again.
    pub fn check(&self, key: &impl Hash) -> Result<(), Duration> {
        let refused = self.limiter.check_key(&self.hasher.hash_one(key));
        refused.map_err(|refused| refused.wait_time_from(self.limiter.clock().now()))
    }
}

/// The state of every bucket.
#[derive(Debug)]
struct Buckets(Box<[InMemoryState]>);

impl StateStore for Buckets {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, measure: F) -> Result<T, E>
    where
        F: Fn(Option<governor::nanos::Nanos>) -> Result<(T, governor::nanos::Nanos), E>,
    {
        let bucket = *key as usize % self.0.len();
        self.0[bucket].measure_and_replace(&NotKeyed::NonKey, measure)
    }
}
