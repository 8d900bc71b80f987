//! Liveness and readiness.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::Clerk;
use serde_json::json;
use tokio::time::timeout;

use super::sessions::Sessions;

/// How long a dependency may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// `GET /healthz`: the process is up.
pub(crate) async fn healthz() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// `GET /readyz`: the session store answers and the signing keys are available.
pub(crate) async fn readyz(State(sessions): State<Sessions>, State(clerk): State<Clerk>) -> Response {
    let (store, keys) = tokio::join!(
        is_ready("the session store", sessions.check()),
        is_ready("the signing keys", clerk.check_keys()),
    );
    let status = match store && keys {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let word = |ready| if ready { "ok" } else { "failing" };
    let body = Json(json!({ "session_store": word(store), "signing_keys": word(keys) }));
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

async fn is_ready<E: std::fmt::Display>(
    dependency: &str,
    check: impl Future<Output = Result<(), E>>,
) -> bool {
    let reason = match timeout(TIMEOUT, check).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no response in time".to_owned(),
    };
    tracing::warn!(reason, "not ready: {dependency} failed");
    false
}
