//! What the client reports through the crate `metrics`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics::{counter, gauge, histogram};

use super::ApiError;

pub(super) fn count_call<T>(result: &Result<T, ApiError>, duration: Duration) {
    let outcome = match result {
        Ok(_) => "ok",
        Err(ApiError::Status { status, .. }) if status.as_u16() == 429 => "rate_limited",
        Err(ApiError::Status { status, .. }) if status.is_server_error() => "server_error",
        Err(ApiError::Status { .. }) => "client_error",
        Err(_) => "unreachable",
    };
    counter!("clerk_backend_api_requests_total", "outcome" => outcome).increment(1);
    histogram!("clerk_backend_api_request_duration_seconds").record(duration);
}

pub(super) fn keys_fetched() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!("clerk_auth_jwks_fetched_timestamp_seconds").set(now.as_secs_f64());
}
