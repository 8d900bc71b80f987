//! A stub of the Backend API's users, and of a Frontend API behind the proxy.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use axum_clerk::{Clerk, clerk_auth::Options};
use serde_json::json;
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
            delay,
        });
        let routes = Router::new()
            .route("/v1/users/{id}", get(user))
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

    /// How often a user was fetched.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// Answers with this status from now on.
    pub(crate) fn answer_with(&self, status: StatusCode) {
        self.state.status.store(status.as_u16(), Ordering::SeqCst);
    }
}

async fn user(State(stub): State<Arc<Stub>>, Path(id): Path<String>) -> Response {
    stub.calls.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(stub.delay).await;
    let status = StatusCode::from_u16(stub.status.load(Ordering::SeqCst)).unwrap();
    let user = json!({ "object": "user", "id": id, "first_name": "Ada", "email_addresses": [] });
    (status, Json(user)).into_response()
}

async fn echo(request: Request) -> String {
    format!("{} {}", request.method(), request.uri())
}
