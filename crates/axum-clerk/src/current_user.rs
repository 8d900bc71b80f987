//! The profile of the signed-in user.

use std::time::Duration;

use axum::extract::FromRequestParts;
use clerk_auth::{Auth, Clerk, User, UserFuture, UserSource, UserUnavailable};
use http::request::Parts;
use tokio::time::timeout;

use crate::{
    FetchUserError, Rejection, UserCache,
    fetch_user::{DEFAULT_TIMEOUT, fetch_user},
};

/// How long to wait after an error that will not go away by itself, such as a wrong secret key.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// The profile of the signed-in user: `currentUser()` of Clerk's JavaScript SDKs. `None` if nobody is signed in. Works
/// with any state.
///
/// It is the [`User`] in the request's extensions, such as that of
/// [`UserSnapshots`](crate::UserSnapshots), and else fetched from the Backend API by each request that takes it: give
/// [`ClerkLayer::users`](crate::ClerkLayer::users) a cache to save that. If the Backend API is unavailable, the answer is
/// 503.
///
/// ```
/// use axum_clerk::CurrentUser;
///
/// async fn greet(CurrentUser(user): CurrentUser) -> String {
///     match user {
///         Some(user) => format!("Hello, {}", user.display_name()),
///         None => "Hello, stranger".into(),
///     }
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(greet));
/// ```
#[derive(Clone, Debug)]
pub struct CurrentUser(pub Option<User>);

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Rejection> {
        let extensions = &parts.extensions;
        let (Some(auth), Some(users)) = (extensions.get::<Auth>(), extensions.get::<UserSource>()) else {
            return Err(Rejection::missing_layer(&parts.uri));
        };
        let Some(user_id) = auth.user_id() else {
            return Ok(Self(None));
        };
        if let Some(user) = extensions.get::<User>() {
            return Ok(Self(Some(user.clone())));
        }
        let user = users.user(user_id).await;
        user.map(Self)
            .map_err(|UserUnavailable { retry_after }| Rejection::Unavailable { retry_after })
    }
}

/// Fetches users from the Backend API, each time.
pub(crate) fn from_api(clerk: Clerk) -> UserSource {
    UserSource::new(move |user_id| {
        let (clerk, user_id) = (clerk.clone(), user_id.to_owned());
        source_future(async move {
            timeout(DEFAULT_TIMEOUT, fetch_user(&clerk, &user_id))
                .await
                .unwrap_or(Err(FetchUserError::Timeout))
        })
    })
}

/// Fetches users through a cache.
pub(crate) fn from_cache(users: UserCache) -> UserSource {
    UserSource::new(move |user_id| {
        let (users, user_id) = (users.clone(), user_id.to_owned());
        source_future(async move { users.get(&user_id).await })
    })
}

fn source_future(fetch: impl Future<Output = Result<User, FetchUserError>> + Send + 'static) -> UserFuture {
    Box::pin(async {
        match fetch.await {
            Ok(user) => Ok(Some(user)),
            // A session token outlives its user by up to a minute.
            Err(FetchUserError::NotFound) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "the user could not be fetched");
                let retry_after = match &error {
                    FetchUserError::Api(error) => error.retry_after(),
                    _ => None,
                };
                Err(UserUnavailable {
                    retry_after: retry_after.unwrap_or(RETRY_AFTER),
                })
            }
        }
    })
}
