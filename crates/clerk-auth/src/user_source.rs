//! [`UserSource`]: where the profile of a user comes from.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::user::User;

/// The future of [`UserSource::user`].
pub type UserFuture = Pin<Box<dyn Future<Output = Result<Option<User>, UserUnavailable>> + Send>>;

/// The profile of a user could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the user could not be fetched from Clerk's Backend API")]
pub struct UserUnavailable {
    /// How long to wait before another attempt.
    pub retry_after: Duration,
}

/// Fetches users by their IDs, for code that knows neither the Backend API nor the cache in front of it. A layer puts it
/// into the extensions of the request. Cheap to clone.
///
/// ```
/// use clerk_auth::{User, UserSource};
///
/// let users = UserSource::new(|user_id| {
///     let user = User { id: user_id.to_owned(), ..User::default() };
///     Box::pin(async { Ok(Some(user)) })
/// });
/// # futures_util::future::FutureExt::now_or_never(async {
/// assert_eq!(users.user("user_1").await?.map(|user| user.id).as_deref(), Some("user_1"));
/// # Ok::<(), clerk_auth::UserUnavailable>(())
/// # }).unwrap().unwrap();
/// ```
#[derive(Clone)]
pub struct UserSource(Arc<dyn Fn(&str) -> UserFuture + Send + Sync>);

impl UserSource {
    /// Creates a source that fetches by `fetch`, which returns `None` for a user who does not exist.
    pub fn new(fetch: impl Fn(&str) -> UserFuture + Send + Sync + 'static) -> Self {
        Self(Arc::new(fetch))
    }

    /// Fetches the user with this ID. `None` if there is no such user.
    ///
    /// # Errors
    ///
    /// The Backend API failed, or did not answer in time.
    #[must_use]
    pub fn user(&self, user_id: &str) -> UserFuture {
        (self.0)(user_id)
    }
}

impl fmt::Debug for UserSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSource")
    }
}
