//! What the decision asks of the world outside the request.

use std::{future::Future, sync::Arc};

use super::{api::ApiError, reason::VerifyError, refresh::RefreshRequest, signing_key::SigningKey};

/// The Backend API as the decision sees it.
pub(super) trait Outside: Sync {
    /// The key that signs tokens with this key id.
    fn signing_key(
        &self,
        kid: Option<&str>,
    ) -> impl Future<Output = Result<Arc<SigningKey>, VerifyError>> + Send;

    /// Trades a refresh token for new cookies: `Set-Cookie` directives.
    fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send;

    /// The cookies that a handshake left for this nonce: `Set-Cookie` directives.
    fn handshake_payload(&self, nonce: &str) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send;
}
