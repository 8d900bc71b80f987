//! A snapshot of the signed-in user in a tower-sessions session.

mod changes;
mod layer;
mod recent;

use std::{
    collections::HashMap,
    fmt,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use clerk_auth::{Auth, Clerk, User};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::{Session, session};

pub use self::layer::{UserSnapshotsFuture, UserSnapshotsLayer, UserSnapshotsService};

use self::{changes::Changes, recent::RecentSnapshots};
use crate::{FetchUserError, UserCache};

/// Keeps a snapshot of the signed-in user in the visitor's session, so that pages know the user's name without
/// calling the Backend API for each of them. Cheap to clone; clones share what they know of changes.
///
/// A snapshot belongs to one Clerk session and ends with it: the session's data is cleared under a new id when
/// another Clerk session takes over, and deleted at sign-out. Call [`invalidate`](Self::invalidate) when a
/// `user.updated` or `user.deleted` webhook arrives, and [`refresh`](Self::refresh) when the user has changed their
/// profile in the browser.
///
/// A snapshot that was read from the session store is used for ten seconds without asking the store again, by this
/// process only. So a change made through another process is seen at most ten seconds later. Who is signed in does not
/// depend on it: [`ClerkLayer`](crate::ClerkLayer) decides that for each request.
///
/// ```
/// use axum::{Extension, Router, routing::get};
/// use axum_clerk::{Clerk, ClerkLayer, User, UserSnapshots};
/// use tower_sessions::{MemoryStore, SessionManagerLayer};
///
/// fn app(clerk: Clerk) -> Router {
///     let snapshots = UserSnapshots::new(clerk.clone());
///     Router::new()
///         .route("/", get(async |user: Option<Extension<User>>| match user {
///             Some(Extension(user)) => format!("Hello, {}", user.display_name()),
///             None => "Hello, stranger".to_owned(),
///         }))
///         .layer(snapshots.layer())
///         .layer(SessionManagerLayer::new(MemoryStore::default()))
///         .layer(ClerkLayer::new(clerk))
/// }
/// ```
#[derive(Clone)]
pub struct UserSnapshots {
    /// For visitors whose session has no snapshot, such as those without cookies.
    users: UserCache,
    changes: Arc<Changes>,
    recent: Arc<RecentSnapshots>,
    key: &'static str,
    max_age: Duration,
}

/// The stored form.
#[derive(Clone, Serialize, Deserialize)]
struct Snapshot {
    /// The Clerk session to which the snapshot belongs.
    session_id: String,
    user: User,
    /// Unix time in seconds.
    fetched_at: i64,
}

impl UserSnapshots {
    const DEFAULT_KEY: &str = "user";
    const DEFAULT_MAX_AGE: Duration = Duration::from_secs(5 * 60);

    /// Creates snapshots that are used for at most five minutes, wait at most three seconds for the Backend API and
    /// are stored under the key `user`.
    #[must_use]
    pub fn new(clerk: Clerk) -> Self {
        Self {
            users: UserCache::new(clerk).max_age(Self::DEFAULT_MAX_AGE),
            changes: Arc::default(),
            recent: Arc::default(),
            key: Self::DEFAULT_KEY,
            max_age: Self::DEFAULT_MAX_AGE,
        }
    }

    /// Sets the key under which the session stores the snapshot.
    #[must_use]
    pub const fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// Sets the age at which a snapshot is fetched again, in case the user has changed without a webhook.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self.users = self.users.max_age(max_age);
        self
    }

    /// Sets how long to wait for the Backend API. A page that waits longer is rendered with the previous snapshot
    /// or without the user.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.users = self.users.timeout(timeout);
        self
    }

    /// Creates a layer that inserts the [`User`] of a signed-in request into its extensions. Apply it below
    /// [`ClerkLayer`](crate::ClerkLayer) and the session layer.
    ///
    /// Requests with an `Authorization` header come from programs, which keep no cookies; they get no session and no
    /// user. If the Backend API or the session store fails, the request is passed on without the user.
    #[must_use]
    pub fn layer(&self) -> UserSnapshotsLayer {
        UserSnapshotsLayer::new(self.clone())
    }

    /// Returns the ID of the user whose snapshot is stored under the default key in a session's data. With it, a
    /// session store can find the sessions of a user who has been deleted.
    #[must_use]
    pub fn owner(data: &HashMap<String, Value>) -> Option<&str> {
        data.get(Self::DEFAULT_KEY)?["user"]["id"].as_str()
    }

    /// Marks a user as changed or deleted: no earlier snapshot is used any more.
    pub fn invalidate(&self, user_id: &str) {
        self.changes.record(user_id, unix_time(), seconds(self.max_age));
        self.users.invalidate(user_id);
    }

    /// Returns the signed-in user, from the session if its snapshot is recent enough. `None` if nobody is signed
    /// in, or if the Backend API does not know the user or fails.
    ///
    /// # Errors
    ///
    /// The session store failed.
    pub async fn user(&self, session: &Session, auth: &Auth) -> Result<Option<User>, session::Error> {
        self.current(session, auth, self.max_age).await
    }

    /// Fetches the snapshot again, however recent it is. Otherwise as [`user`](Self::user).
    ///
    /// # Errors
    ///
    /// As [`user`](Self::user).
    pub async fn refresh(&self, session: &Session, auth: &Auth) -> Result<Option<User>, session::Error> {
        self.current(session, auth, Duration::ZERO).await
    }

    async fn current(
        &self,
        session: &Session,
        auth: &Auth,
        max_age: Duration,
    ) -> Result<Option<User>, session::Error> {
        if auth.retry_after().is_some() {
            // Perhaps the visitor is still signed in.
            return Ok(None);
        }
        let signed_in = auth.user_id().zip(auth.session_id());
        let is_own = |snapshot: &Snapshot| signed_in == Some((&snapshot.user.id, &snapshot.session_id));
        let now = unix_time();
        let is_recent = |snapshot: &Snapshot| {
            now - snapshot.fetched_at < seconds(max_age)
                && !self.changes.since(&snapshot.user.id, snapshot.fetched_at)
        };
        let id = session.id();
        let recent = id.and_then(|id| self.recent.get(id, Instant::now()));
        if let Some(snapshot) = recent.filter(|snapshot| is_own(snapshot) && is_recent(snapshot)) {
            return Ok(Some(snapshot.user));
        }
        if let Some(id) = id {
            self.recent.remove(id);
        }
        let stored = match session.get::<Snapshot>(self.key).await {
            // Stored by another version of the program: replaced like any other that is not this visitor's.
            Err(session::Error::SerdeJson(_)) => None,
            stored => stored?,
        };
        let Some((user_id, session_id)) = signed_in else {
            if let Some(ended) = stored {
                tracing::info!(
                    user_id = ended.user.id,
                    session_id = ended.session_id,
                    "sign-out seen"
                );
                session.flush().await?;
            }
            return Ok(None);
        };
        let known = stored.filter(is_own);
        match known {
            Some(snapshot) if is_recent(&snapshot) => {
                if let Some(id) = id {
                    self.recent.insert(id, snapshot.clone(), Instant::now());
                }
                return Ok(Some(snapshot.user));
            }
            // Data of an earlier visitor or sign-in must not be visible to this one, and its id not be reused.
            None if id.is_some() => {
                session.clear().await;
                session.cycle_id().await?;
            }
            _ => {}
        }
        if max_age.is_zero() {
            self.users.invalidate(user_id);
        }
        let (user, age) = match self.users.get_with_age(user_id).await {
            Ok(fetched) => fetched,
            // A session token outlives its user by up to a minute.
            Err(FetchUserError::NotFound) => {
                if known.is_some() {
                    session.flush().await?;
                }
                return Ok(None);
            }
            Err(_) => return Ok(known.map(|outdated| outdated.user)),
        };
        if known.is_none() {
            tracing::info!(user_id, session_id, "sign-in seen");
        }
        let snapshot = Snapshot {
            session_id: session_id.to_owned(),
            user: user.clone(),
            fetched_at: unix_time() - seconds(age),
        };
        session.insert(self.key, snapshot).await?;
        Ok(Some(user))
    }
}

impl fmt::Debug for UserSnapshots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSnapshots")
            .field("key", &self.key)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

fn unix_time() -> i64 {
    seconds(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
