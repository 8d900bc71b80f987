//! A stub of Clerk: users of the Backend API, and a Frontend API that reports the requests it gets.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
    routing::{any, get},
};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) struct ClerkStub {
    url: String,
    state: Arc<Calls>,
}

#[derive(Default)]
struct Calls {
    users: AtomicUsize,
    failing: AtomicBool,
    deleted: AtomicBool,
}

impl ClerkStub {
    pub(super) async fn start() -> Self {
        let state = Arc::new(Calls::default());
        let routes = Router::new()
            .route("/v1/users/{id}", get(user))
            .route("/v1/clients/handshake_payload", get(no_nonce))
            .route("/fapi/v1/cookies", get(cookies))
            .route("/fapi/v1/moved", get(moved))
            .route("/fapi/v1/endless", get(endless))
            .route("/fapi/v1/silent", any(silent))
            .route("/fapi/{*rest}", any(echo))
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, state }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// How often a user was fetched from the Backend API.
    pub(crate) fn user_fetches(&self) -> usize {
        self.state.users.load(Ordering::SeqCst)
    }

    /// Deletes all users.
    pub(crate) fn delete_users(&self) {
        self.state.deleted.store(true, Ordering::SeqCst);
    }

    /// Makes the Backend API fail from now on.
    pub(crate) fn fail(&self) {
        self.state.failing.store(true, Ordering::SeqCst);
    }
}

async fn user(State(calls): State<Arc<Calls>>, Path(id): Path<String>) -> Response {
    calls.users.fetch_add(1, Ordering::SeqCst);
    if calls.failing.load(Ordering::SeqCst) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if calls.deleted.load(Ordering::SeqCst) {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({
        "object": "user",
        "id": id,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "username": null,
        "image_url": "https://img.clerk.com/ada",
        "primary_email_address_id": "idn_1",
        "email_addresses": [{ "object": "email_address", "id": "idn_1", "email_address": "ada@example.com" }],
    }))
    .into_response()
}

/// Knows no nonce.
async fn no_nonce(State(calls): State<Arc<Calls>>) -> StatusCode {
    match calls.failing.load(Ordering::SeqCst) {
        true => StatusCode::INTERNAL_SERVER_ERROR,
        false => StatusCode::NOT_FOUND,
    }
}

/// Reports the request: method, path, headers and body.
async fn echo(request: Request) -> Json<Value> {
    let (parts, body) = request.into_parts();
    let body: Bytes = body.collect().await.unwrap().to_bytes();
    let headers: serde_json::Map<String, Value> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap())))
        .collect();
    Json(json!({
        "method": parts.method.as_str(),
        "path": parts.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    }))
}

async fn cookies() -> impl IntoResponse {
    AppendHeaders([
        (header::SET_COOKIE, "__client=one"),
        (header::SET_COOKIE, "__client_uat=2"),
    ])
}

async fn moved(headers: HeaderMap) -> impl IntoResponse {
    let host = headers[header::HOST].to_str().unwrap();
    (
        StatusCode::FOUND,
        [(header::LOCATION, format!("http://{host}/fapi/v1/elsewhere?a=b"))],
    )
}

/// Sends the beginning of a page, and never the rest.
async fn endless() -> impl IntoResponse {
    let beginning = Bytes::from(format!("<!DOCTYPE html>{}", "<p>early</p>".repeat(20)));
    let chunks = stream::iter([Ok::<_, std::io::Error>(beginning)]).chain(stream::pending());
    ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(chunks))
}

/// Receives the request, and never answers.
async fn silent(body: Bytes) {
    drop(body);
    std::future::pending::<()>().await;
}
