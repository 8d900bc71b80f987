//! Fetching a user from the Backend API within a time limit.

use std::{sync::Arc, time::Duration};

use clerk_auth::{ApiError, Clerk, User};
use http::StatusCode;

/// How long to wait for the Backend API unless the program says otherwise.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(3);

/// Why a user could not be fetched.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchUserError {
    /// The instance has no such user, or the user has been deleted.
    #[error("the user does not exist")]
    NotFound,
    /// The Backend API failed or could not be reached.
    #[error(transparent)]
    Api(Arc<ApiError>),
    /// The Backend API did not answer in time.
    #[error("the Backend API did not answer in time")]
    Timeout,
}

pub(crate) async fn fetch_user(clerk: &Clerk, user_id: &str) -> Result<User, FetchUserError> {
    clerk.api().get_user(user_id).await.map_err(|error| match error {
        ApiError::Status { status, .. } if status == StatusCode::NOT_FOUND => FetchUserError::NotFound,
        error => FetchUserError::Api(Arc::new(error)),
    })
}
