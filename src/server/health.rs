//! Whether the process is up, and whether it can do its work.

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

use super::{sessions::Sessions, state::AppState};

/// How long a dependency may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// `GET /healthz`: the process is up.
pub(crate) async fn healthz() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// `GET /readyz`: the session store answers and the signing keys are at hand.
pub(crate) async fn readyz(State(state): State<AppState>) -> Response {
    let (store, keys) = tokio::join!(store_answers(&state.sessions), keys_at_hand(&state.clerk));
    let status = if store && keys {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let word = |good| if good { "ok" } else { "failing" };
    let body = Json(json!({ "session_store": word(store), "signing_keys": word(keys) }));
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

async fn store_answers(sessions: &Sessions) -> bool {
    match timeout(PATIENCE, sessions.check()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the session store fails");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the session store does not answer");
            false
        }
    }
}

async fn keys_at_hand(clerk: &Clerk) -> bool {
    match timeout(PATIENCE, clerk.check_keys()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the signing keys cannot be fetched");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the Backend API does not answer");
            false
        }
    }
}
