//! A cache of users in the memory of this process.

mod entries;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use clerk_auth::{Clerk, User};
use tokio::time::timeout;

use self::entries::{Entries, Fetched};
use crate::fetch_user::{self, FetchUserError, fetch_user};

/// A bounded, in-process cache of users, fetched from the Backend API by their ids. Cheap to clone; clones share
/// the cached users.
///
/// Concurrent requests for one user share one call of the Backend API. A user that does not exist is not asked for again for
/// ten seconds, and while the Backend API is unavailable, it is not asked at all for as long as it says. Call [`invalidate`](Self::invalidate) when a
/// `user.updated` or `user.deleted` webhook arrives; without webhooks a change is seen after
/// [`max_age`](Self::max_age).
///
/// ```
/// use std::time::Duration;
///
/// use axum_clerk::{Clerk, FetchUserError, SignedIn, UserCache};
///
/// fn cache(clerk: Clerk) -> UserCache {
///     UserCache::new(clerk).capacity(10_000).max_age(Duration::from_secs(60))
/// }
///
/// async fn greet(users: &UserCache, who: &SignedIn) -> Result<String, FetchUserError> {
///     Ok(format!("Hello, {}", users.get(&who.user_id).await?.display_name()))
/// }
/// ```
#[derive(Clone)]
pub struct UserCache {
    clerk: Clerk,
    entries: Arc<Mutex<Entries>>,
    max_age: Duration,
    timeout: Duration,
}

impl UserCache {
    const DEFAULT_CAPACITY: usize = 1_000;
    const DEFAULT_MAX_AGE: Duration = Duration::from_secs(5 * 60);
    /// How long an answer other than the user is kept.
    const NEGATIVE_AGE: Duration = Duration::from_secs(10);
    /// How long to wait after a timeout.
    const TIMEOUT_AGE: Duration = Duration::from_secs(2);

    /// Creates an empty cache: at most 1,000 users, each for at most five minutes, waiting at most three seconds
    /// for the Backend API.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            clerk,
            entries: Arc::new(Mutex::new(Entries::new(Self::DEFAULT_CAPACITY))),
            max_age: Self::DEFAULT_MAX_AGE,
            timeout: fetch_user::DEFAULT_TIMEOUT,
        }
    }

    /// Sets how many users are cached at most. The oldest entry makes room for a new one. With a capacity of 0
    /// every call fetches.
    #[must_use]
    pub fn capacity(mut self, users: usize) -> Self {
        self.entries = Arc::new(Mutex::new(Entries::new(users)));
        self
    }

    /// Sets the age at which a user is fetched again.
    #[must_use]
    pub const fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Sets how long [`get`](Self::get) waits for the Backend API.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the user, fetching it unless it is cached.
    ///
    /// # Errors
    ///
    /// The user does not exist, or the Backend API failed or did not answer in time.
    pub async fn get(&self, user_id: &str) -> Result<User, FetchUserError> {
        self.get_with_age(user_id).await.map(|(user, _)| user)
    }

    /// As [`get`](Self::get), with the time since fetching the user began.
    pub(crate) async fn get_with_age(&self, user_id: &str) -> Result<(User, Duration), FetchUserError> {
        let (since, entry) = self
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(user_id, Instant::now());
        let fetched = entry.get_or_init(async || {
            let outcome = timeout(self.timeout, fetch_user(&self.clerk, user_id))
                .await
                .unwrap_or(Err(FetchUserError::Timeout));
            let until = match &outcome {
                Ok(_) => since + self.max_age,
                Err(error) => {
                    tracing::warn!(%error, "the user could not be fetched");
                    Instant::now() + Self::age_of(error)
                }
            };
            Fetched { outcome, until }
        });
        let user = fetched.await.outcome.clone()?;
        Ok((user, since.elapsed()))
    }

    /// How long an error is kept.
    fn age_of(error: &FetchUserError) -> Duration {
        match error {
            FetchUserError::NotFound => Self::NEGATIVE_AGE,
            FetchUserError::Api(error) => error.retry_after().unwrap_or(Self::NEGATIVE_AGE),
            FetchUserError::Timeout => Self::TIMEOUT_AGE,
        }
    }

    /// Forgets a user, so that the next [`get`](Self::get) fetches it. A fetch that is in progress does not bring
    /// the old state back.
    pub fn invalidate(&self, user_id: &str) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(user_id);
    }
}

impl fmt::Debug for UserCache {
    /// Without the users, which are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserCache")
            .field("max_age", &self.max_age)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
