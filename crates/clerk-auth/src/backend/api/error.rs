//! Errors of the Backend API client.

use http::StatusCode;

/// Why a call to the Backend API failed. Never contains the URL, which may carry a secret nonce.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There was no response, or it could not be read.
    #[error("the Backend API could not be reached: {0}")]
    Fetch(#[source] reqwest::Error),
    /// The response is an error.
    #[error("the Backend API responded with {status}: {}", .message.as_deref().unwrap_or("no message"))]
    #[non_exhaustive]
    Status {
        /// The status of the response.
        status: StatusCode,
        /// The code of the first error in the body, such as `resource_not_found`.
        code: Option<String>,
        /// The message of the first error in the body.
        message: Option<String>,
    },
    /// An ID that cannot be a segment of a path.
    #[error("not the ID of a resource")]
    Path,
}

impl ApiError {
    /// Whether a retry may succeed: there was no response, or a server error.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Fetch(error) => !error.is_decode(),
            Self::Status { status, .. } => status.is_server_error(),
            Self::Path => false,
        }
    }
}
