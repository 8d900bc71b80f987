//! A stub of the Backend API, and of a Frontend API behind the proxy.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use axum_clerk::{Clerk, clerk_auth::Options};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

/// Counts the calls, and answers them with a status that the test may set.
pub(crate) struct BackendStub {
    url: String,
    state: Arc<Stub>,
}

struct Stub {
    calls: AtomicUsize,
    status: AtomicU16,
    retry_after: Mutex<Option<&'static str>>,
    delay: Duration,
}

impl BackendStub {
    pub(crate) async fn start() -> Self {
        Self::with_delay(Duration::ZERO).await
    }

    /// Waits before it answers.
    pub(crate) async fn with_delay(delay: Duration) -> Self {
        let state = Arc::new(Stub {
            calls: AtomicUsize::new(0),
            status: AtomicU16::new(200),
            retry_after: Mutex::new(None),
            delay,
        });
        let routes = Router::new()
            .route("/v1/jwks", get(jwks))
            .route("/v1/users/{id}", get(user))
            .route("/api_keys/verify", post(api_key))
            .route("/m2m_tokens/verify", post(m2m_token))
            .route("/v1/sessions/{id}/refresh", post(unreadable))
            .route("/v1/clients/handshake_payload", get(unreadable))
            .route("/fapi/{*rest}", any(echo))
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, state }
    }

    /// An instance whose APIs are this stub.
    pub(crate) fn clerk(&self) -> Clerk {
        self.clerk_with(super::options())
    }

    pub(crate) fn clerk_with(&self, mut options: Options) -> Clerk {
        options.api_url = Url::parse(&self.url).unwrap();
        options.fapi_url = Some(Url::parse(&format!("{}/fapi", self.url)).unwrap());
        options.proxy_url = Some("/__clerk".to_owned());
        Clerk::new(options).unwrap()
    }

    /// How often a user was fetched, a session refreshed or a nonce looked up.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// Answers with this status from now on.
    pub(crate) fn answer_with(&self, status: StatusCode) {
        self.state.status.store(status.as_u16(), Ordering::SeqCst);
    }

    /// Sends `Retry-After` with every error.
    pub(crate) fn ask_to_retry_after(&self, value: &'static str) {
        *self.state.retry_after.lock().unwrap() = Some(value);
    }
}

impl Stub {
    /// The error that the test asked for.
    fn error(&self) -> Option<Response> {
        let status = StatusCode::from_u16(self.status.load(Ordering::SeqCst)).unwrap();
        let retry_after = self.retry_after.lock().unwrap();
        let headers = retry_after.map(|value| [(header::RETRY_AFTER, value)]);
        (!status.is_success()).then(|| match headers {
            Some(headers) => (status, headers).into_response(),
            None => status.into_response(),
        })
    }
}

async fn user(State(stub): State<Arc<Stub>>, Path(id): Path<String>) -> Response {
    stub.calls.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(stub.delay).await;
    let user = json!({ "object": "user", "id": id, "first_name": "Ada", "email_addresses": [] });
    stub.error().unwrap_or_else(|| Json(user).into_response())
}

/// Knows one key.
async fn api_key(State(stub): State<Arc<Stub>>, Json(body): Json<Value>) -> Response {
    stub.calls.fetch_add(1, Ordering::SeqCst);
    let key = json!({
        "object": "api_key", "id": "ak_1", "name": "reports", "subject": "user_1", "scopes": ["posts:read"],
        "claims": null, "revoked": false, "expired": false, "expiration": null,
    });
    stub.error().unwrap_or_else(|| match body["secret"].as_str() {
        Some("ak_known") => Json(key).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
}

/// Answers with the secret key of the call as the subject.
async fn m2m_token(State(stub): State<Arc<Stub>>, headers: HeaderMap) -> Response {
    stub.calls.fetch_add(1, Ordering::SeqCst);
    let secret_key = headers[header::AUTHORIZATION].to_str().unwrap().to_owned();
    let token = json!({"id": "mt_1", "subject": secret_key, "scopes": [], "claims": {"a": 1}});
    stub.error().unwrap_or_else(|| Json(token).into_response())
}

/// A key whose ID no token of the tests has.
async fn jwks(State(stub): State<Arc<Stub>>) -> Response {
    let key = json!({ "kid": "ins_other", "kty": "RSA", "alg": "RS256", "n": "AQAB", "e": "AQAB" });
    stub.error()
        .unwrap_or_else(|| Json(json!({ "keys": [key] })).into_response())
}

/// Answers with a page, as a gateway or a captive portal does, unless the test asked for an error.
async fn unreadable(State(stub): State<Arc<Stub>>) -> Response {
    stub.calls.fetch_add(1, Ordering::SeqCst);
    stub.error().unwrap_or_else(|| "<!DOCTYPE html>".into_response())
}

async fn echo(request: Request) -> String {
    format!("{} {}", request.method(), request.uri())
}
