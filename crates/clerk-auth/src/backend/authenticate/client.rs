//! The calls to the Backend API that the decision may need.

use std::{future::Future, sync::Arc};

use crate::backend::{
    api::{ApiError, RefreshRequest},
    machine_tokens::Answer,
    token::KeySource,
};
use crate::token_type::TokenType;

/// The Backend API as the decision sees it. Tests replace it with a stub.
pub(crate) trait BackendClient: KeySource {
    /// Exchanges a refresh token for new cookies, returned as `Set-Cookie` values.
    fn refresh_session(
        &self,
        session_id: &str,
        request: &RefreshRequest<'_>,
    ) -> impl Future<Output = Result<Vec<String>, ApiError>> + Send;

    /// Fetches the cookies that a handshake stored for this nonce, as `Set-Cookie` values. `None` if there is no such
    /// nonce.
    fn handshake_cookies(
        &self,
        nonce: &str,
    ) -> impl Future<Output = Result<Option<Vec<String>>, Arc<ApiError>>> + Send;

    /// Verifies the token of a program. `None` if the text cannot be one.
    fn verify_token(&self, token_type: TokenType, token: &str)
    -> impl Future<Output = Option<Answer>> + Send;
}
