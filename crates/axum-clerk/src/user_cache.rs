//! A cache of users in the memory of this process.

mod entries;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use clerk_auth::{Clerk, User};
use tokio::time::timeout;

use self::entries::Entries;
use crate::fetch_user::{self, FetchUserError, fetch_user};

/// A bounded, in-process cache of users, fetched from the Backend API by their ids. Cheap to clone; clones share
/// the cached users.
///
/// Concurrent requests for one user share one call of the Backend API. Call [`invalidate`](Self::invalidate) when a
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
    /// The user does not exist, or the Backend API failed or did not answer in time. Errors are not cached.
    pub async fn get(&self, user_id: &str) -> Result<User, FetchUserError> {
        let entry = self.entries.lock().unwrap_or_else(PoisonError::into_inner).entry(
            user_id,
            Instant::now(),
            self.max_age,
        );
        let user = entry.get_or_try_init(|| fetch_user(&self.clerk, user_id));
        match timeout(self.timeout, user).await {
            Ok(user) => user.cloned(),
            Err(_) => Err(FetchUserError::Timeout),
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
