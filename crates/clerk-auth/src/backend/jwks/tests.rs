use std::{
    future::IntoFuture,
    sync::atomic::{AtomicU16, AtomicUsize, Ordering},
};

use axum::{Json, Router, http::StatusCode, routing::get};
use futures_util::future::join_all;
use serde_json::json;
use url::Url;

use super::*;
use crate::backend::fixtures::{Signer, options};

/// A stub of the Backend API that counts requests and can be made to fail.
struct Stub {
    api: BackendApi,
    requests: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
}

impl Stub {
    async fn start() -> Self {
        let (requests, status) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU16::new(200)));
        let jwk = Signer::new().jwk();
        let handler = {
            let (requests, status) = (Arc::clone(&requests), Arc::clone(&status));
            move || async move {
                requests.fetch_add(1, Ordering::SeqCst);
                let status = StatusCode::from_u16(status.load(Ordering::SeqCst)).unwrap();
                (status, Json(json!({"keys": [jwk]})))
            }
        };
        let router: Router = Router::new().route("/v1/jwks", get(handler));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut options = options();
        options.api_url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(axum::serve(listener, router).into_future());
        Self {
            api: BackendApi::new(&options).unwrap(),
            requests,
            status,
        }
    }

    fn fails_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn reason<T>(outcome: Result<T, KeyError>) -> TokenReason {
    match outcome.map_err(|failure| failure.error) {
        Err(VerifyError::Token(error)) => error.reason,
        Err(VerifyError::Unexpected(error)) => panic!("{error}"),
        Ok(_) => panic!("a key was found"),
    }
}

#[tokio::test]
async fn unavailable_is_told_apart_from_an_answer() {
    for (status, is_unavailable) in [(401, false), (404, false), (429, true), (500, true), (503, true)] {
        let (stub, jwks, now) = (Stub::start().await, Jwks::default(), Instant::now());
        stub.fails_with(status);
        let failure = jwks.key(Some("ins_1"), &stub.api, now).await.unwrap_err();
        assert_eq!(failure.retry_after.is_some(), is_unavailable, "{status}");
    }
}

#[tokio::test]
async fn keys_expire_five_minutes_after_they_were_fetched() {
    let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
    for (seconds, requests) in [(0, 1), (100, 1), (299, 1), (300, 2), (599, 2), (600, 3)] {
        jwks.key(Some("ins_1"), &stub.api, start + Duration::from_secs(seconds))
            .await
            .unwrap();
        assert_eq!(stub.requests(), requests, "{seconds}");
    }
}

#[tokio::test]
async fn concurrent_requests_fetch_once() {
    let (stub, jwks, now) = (Stub::start().await, Jwks::default(), Instant::now());
    let keys = join_all((0..50).map(|_| jwks.key(Some("ins_1"), &stub.api, now))).await;
    assert!(keys.iter().all(Result::is_ok));
    assert_eq!(stub.requests(), 1);
}

#[tokio::test]
async fn unknown_key_ids_are_fetched_every_few_seconds_only() {
    let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
    for (seconds, requests) in [(0, 1), (1, 1), (4, 1), (5, 2), (9, 2), (10, 3)] {
        let kid = format!("ins_forged_{seconds}");
        let now = start + Duration::from_secs(seconds);
        assert_eq!(
            reason(jwks.key(Some(&kid), &stub.api, now).await),
            TokenReason::KidMismatch
        );
        assert_eq!(stub.requests(), requests, "{seconds}");
    }
    assert_eq!(
        reason(jwks.key(None, &stub.api, start).await),
        TokenReason::KidMismatch
    );
}

#[tokio::test]
async fn old_keys_are_used_for_an_hour_while_the_backend_api_is_down() {
    let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
    jwks.key(Some("ins_1"), &stub.api, start).await.unwrap();
    stub.fails_with(401);
    for seconds in [300, 3_599] {
        jwks.key(Some("ins_1"), &stub.api, start + Duration::from_secs(seconds))
            .await
            .unwrap();
    }
    let late = jwks.key(Some("ins_1"), &stub.api, start + STALE).await;
    assert_eq!(reason(late), TokenReason::JwksFailedToLoad);
    let unknown = jwks
        .key(Some("else"), &stub.api, start + Duration::from_secs(300))
        .await;
    assert_eq!(reason(unknown), TokenReason::JwksFailedToLoad);
}

#[tokio::test]
async fn only_server_errors_are_retried() {
    for (status, requests) in [(401, 1), (404, 1), (500, 3)] {
        let (stub, jwks, now) = (Stub::start().await, Jwks::default(), Instant::now());
        stub.fails_with(status);
        assert_eq!(
            reason(jwks.key(Some("ins_1"), &stub.api, now).await),
            TokenReason::JwksFailedToLoad
        );
        // Other requests receive the same error for a second.
        assert_eq!(
            reason(jwks.key(Some("ins_1"), &stub.api, now).await),
            TokenReason::JwksFailedToLoad
        );
        assert_eq!(stub.requests(), requests, "{status}");
    }
}

#[tokio::test]
async fn checking_fetches_only_without_current_keys() {
    let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
    for (seconds, requests) in [(0, 1), (100, 1), (300, 2)] {
        jwks.check(&stub.api, start + Duration::from_secs(seconds))
            .await
            .unwrap();
        assert_eq!(stub.requests(), requests, "{seconds}");
    }
}

#[tokio::test]
async fn an_old_key_is_used_while_another_request_fetches() {
    let (stub, jwks, start) = (Stub::start().await, Jwks::default(), Instant::now());
    jwks.key(Some("ins_1"), &stub.api, start).await.unwrap();
    let fetching = jwks.last_failure.lock().await;
    jwks.key(Some("ins_1"), &stub.api, start + TIME_TO_LIVE)
        .await
        .unwrap();
    drop(fetching);
    assert_eq!(stub.requests(), 1);
}
