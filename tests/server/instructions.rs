//! Answers requests of one kind, for callgrind to count the instructions: `instructions KIND`. See
//! `scripts/instructions.sh`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing measurement may panic"
)]

#[allow(
    dead_code,
    unused_imports,
    reason = "shared with the tests of the server, which use all of it"
)]
mod support;

use std::env;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::support::{TestApp, token};

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Enough that what happens once a minute, such as a resized table, does not show.
const REQUESTS: usize = 200;

/// Requests before the ones that count, which fill caches.
const WARM_UP: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(kind) = env::args().nth(1).filter(|argument| !argument.starts_with('-')) else {
        // Under `cargo bench`, which has nothing to count with.
        return Ok(());
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let app = runtime.block_on(TestApp::start());
    let cookies = runtime.block_on(sign_in(&app));
    let (router, path, cookies) = match kind.as_str() {
        "floor-ok" => (floor::router(false), "/ok", ""),
        "floor-out" => (floor::router(false), "/", ""),
        "floor-in" => (floor::router(false), "/in", ""),
        "out" => (app.server().router(), "/", ""),
        "in" => (app.server().router(), "/", cookies.as_str()),
        "me" => (app.server().router(), "/api/me", cookies.as_str()),
        "static" => (app.server().router(), "/favicon.svg", ""),
        _ => return Err(format!("unknown kind of request {kind:?}").into()),
    };
    runtime.block_on(requests(&router, path, cookies, WARM_UP));
    counted(&runtime, &router, path, cookies);
    Ok(())
}

/// Returns the cookies of a visitor with a session.
async fn sign_in(app: &TestApp) -> String {
    let cookies = format!("__session={}; __client_uat=1", token("user_1", "sess_1").sign());
    let reply = app.get("/").document().cookies(&cookies).send().await;
    format!("{cookies}; {}", reply.session())
}

/// The function that callgrind counts.
#[inline(never)]
fn counted(runtime: &Runtime, router: &Router, path: &str, cookies: &str) {
    runtime.block_on(requests(router, path, cookies, REQUESTS));
}

async fn requests(router: &Router, path: &str, cookies: &str, count: usize) {
    for _ in 0..count {
        let request = Request::get(path)
            .header(header::HOST, "app.example")
            .header("x-forwarded-proto", "https")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-dest", "document")
            .header(header::COOKIE, cookies)
            .body(Body::empty())
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        to_bytes(response.into_body(), usize::MAX).await.unwrap();
    }
}
