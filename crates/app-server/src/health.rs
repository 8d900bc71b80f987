//! Liveness and readiness.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::Clerk;
use serde_json::json;
use tokio::{sync::Mutex, time::timeout};

use crate::Sessions;

/// The path of [`healthz`].
pub const HEALTHZ: &str = "/healthz";
/// The path of [`readyz`].
pub const READYZ: &str = "/readyz";
/// Both paths.
pub const PATHS: [&str; 2] = [HEALTHZ, READYZ];

/// How long a dependency may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long an outcome is reported again. A check writes to the session store, and anybody can ask for it.
const REPORTED_AGAIN: Duration = Duration::from_secs(1);

/// What the last check found. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Option<Checked>>>);

#[derive(Clone, Copy, Debug)]
struct Checked {
    at: Instant,
    store: bool,
    keys: bool,
}

/// `GET /healthz`: the process is up.
pub async fn healthz() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// `GET /readyz`: the session store answers and the signing keys are available.
pub async fn readyz(
    State(readiness): State<Readiness>,
    State(sessions): State<Sessions>,
    State(clerk): State<Clerk>,
) -> Response {
    // Locked during the check, so that requests that arrive meanwhile wait for its outcome.
    let mut last = readiness.0.lock().await;
    let recent = last.filter(|checked| checked.at.elapsed() < REPORTED_AGAIN);
    let Checked { store, keys, .. } = match recent {
        Some(checked) => checked,
        None => *last.insert(check(&sessions, &clerk).await),
    };
    drop(last);
    let status = match store && keys {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let word = |ready| if ready { "ok" } else { "failing" };
    let body = Json(json!({ "session_store": word(store), "signing_keys": word(keys) }));
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

async fn check(sessions: &Sessions, clerk: &Clerk) -> Checked {
    let (store, keys) = tokio::join!(
        is_ready("the session store", sessions.check()),
        is_ready("the signing keys", clerk.check_keys()),
    );
    Checked {
        at: Instant::now(),
        store,
        keys,
    }
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
