//! Errors of the Backend API client.

use std::{fmt, time::Duration};

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How long to wait before another call if the Backend API does not say.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(2);
const MIN_RETRY_AFTER: Duration = Duration::from_secs(1);
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Why a call to the Backend API failed. Never contains the URL, which may carry a secret nonce.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There was no response, or it could not be read.
    #[error("the Backend API could not be reached: {0}")]
    Fetch(#[source] reqwest::Error),
    /// The response is an error. The message says what is wrong, with which parameter, and for some what to do.
    #[error("the Backend API responded with {status}: {}", Reply { status: *status, errors, trace_id: trace_id.as_deref() })]
    #[non_exhaustive]
    Status {
        /// The status of the response.
        status: StatusCode,
        /// The code of the first error in the body, such as `resource_not_found`.
        code: Option<String>,
        /// The message of the first error in the body.
        message: Option<String>,
        /// The `Retry-After` header, if it is a number of seconds.
        retry_after: Option<Duration>,
        /// All errors in the body.
        errors: Vec<ApiErrorDetail>,
        /// The ID by which Clerk's support finds the call.
        trace_id: Option<String>,
    },
    /// The call has succeeded, but its response is not what this version of the crate expects.
    #[error("the response of the Backend API cannot be read: {0}")]
    Body(#[source] serde_json::Error),
    /// The parameters cannot be sent: they are no JSON, or the query is no object.
    #[error("the parameters cannot be sent to the Backend API: {0}")]
    Parameters(#[source] serde_json::Error),
    /// An ID that cannot be a segment of a path.
    #[error("not the ID of a resource")]
    Path,
    /// No call was made, because there were too many already, see
    /// [`Options::handshakes_per_second`](crate::Options::handshakes_per_second).
    #[error("too many handshakes (CLERK_HANDSHAKES_PER_SECOND)")]
    TooManyHandshakes,
    /// No call was made, because there were too many already, see
    /// [`Options::machine_tokens_per_second`](crate::Options::machine_tokens_per_second).
    #[error("too many unknown API keys, M2M tokens or OAuth access tokens (CLERK_MACHINE_TOKENS_PER_SECOND)")]
    TooManyTokens,
}

/// One error in a response of the Backend API.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ApiErrorDetail {
    /// Clerk's code, such as `form_param_format_invalid`.
    pub code: Option<String>,
    /// What is wrong, in a few words.
    pub message: Option<String>,
    /// What is wrong, for people.
    pub long_message: Option<String>,
    /// More about it, such as `param_name`.
    pub meta: Option<Map<String, Value>>,
}

impl ApiErrorDetail {
    /// The name of the parameter that is wrong, if the error is about one.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.meta.as_ref()?.get("param_name")?.as_str()
    }
}

impl fmt::Display for ApiErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.long_message.as_ref().or(self.message.as_ref());
        f.write_str(text.map_or("no message", String::as_str))?;
        match (&self.code, self.parameter()) {
            (Some(code), Some(parameter)) => write!(f, " ({code}, {parameter})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, _) => Ok(()),
        }
    }
}

/// The errors of a response, and what to do about them.
struct Reply<'a> {
    status: StatusCode,
    errors: &'a [ApiErrorDetail],
    trace_id: Option<&'a str>,
}

impl fmt::Display for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors {
            [] => f.write_str("no message")?,
            [first, others @ ..] => {
                write!(f, "{first}")?;
                others.iter().try_for_each(|other| write!(f, "; {other}"))?;
            }
        }
        match self.status {
            StatusCode::UNAUTHORIZED => f.write_str("; is CLERK_SECRET_KEY a key of this instance?")?,
            StatusCode::TOO_MANY_REQUESTS => f.write_str("; call less often")?,
            _ => {}
        }
        self.trace_id.map_or(Ok(()), |id| write!(f, " [trace {id}]"))
    }
}

impl ApiError {
    /// How long to wait before another call, from one second to one minute, if the Backend API is unavailable: it did not
    /// respond, or with 429 or a server error. `None` if the error is its answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(_) | Self::Body(_) => Some(DEFAULT_RETRY_AFTER),
            Self::Status {
                status, retry_after, ..
            } if *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => Some(
                retry_after
                    .unwrap_or(DEFAULT_RETRY_AFTER)
                    .clamp(MIN_RETRY_AFTER, MAX_RETRY_AFTER),
            ),
            Self::TooManyHandshakes | Self::TooManyTokens => Some(MIN_RETRY_AFTER),
            Self::Status { .. } | Self::Parameters(_) | Self::Path => None,
        }
    }

    /// Whether an immediate retry may succeed: there was no response, or a server error.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Fetch(error) => !error.is_decode(),
            Self::Status { status, .. } => status.is_server_error(),
            Self::Body(_)
            | Self::Parameters(_)
            | Self::Path
            | Self::TooManyHandshakes
            | Self::TooManyTokens => false,
        }
    }
}
