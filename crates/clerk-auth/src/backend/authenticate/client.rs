//! The calls to the Backend API that the decision may need.

use std::future::Future;

use crate::backend::{
    api::{ApiError, RefreshRequest},
    token::KeySource,
};

/// The Backend API as the decision sees it. Tests replace it with a stub.
pub(crate) trait BackendClient: KeySource {
    /// Exchanges a refresh token for new cookies, returned as `Set-Cookie` values.
    fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send;

    /// Fetches the cookies that a handshake stored for this nonce, as `Set-Cookie` values.
    fn handshake_payload(&self, nonce: &str) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send;
}
