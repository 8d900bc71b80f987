//! What a request can write into the log.

use std::{
    cell::RefCell,
    io::{self, Write},
};

use axum::{Router, body::Body, routing::get as route_get};
use axum_clerk::{ClerkLayer, ProtectPathsLayer, ProtectedPaths};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, HeaderValue, Request, Uri};
use serde_json::{Value, json};
use tracing::Level;

use crate::support::{BackendStub, document, get, options, send};

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Writes into the log of the thread.
struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Logs everything from now on, on each thread for itself. A subscriber of one thread would not do: what another thread
/// logs first is turned off for all.
fn capture() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(|| ThreadLog)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing::callsite::rebuild_interest_cache();
}

/// Texts that would begin another line, or change what a terminal shows of this one.
const FORGERIES: [&str; 6] = [
    "x\nERROR clerk_auth: forged",
    "x\r\nERROR clerk_auth: forged",
    "x\rERROR clerk_auth: forged",
    "x\u{1b}[2K\u{1b}[1GERROR clerk_auth: forged",
    "x\u{85}\u{2028}\u{2029}ERROR clerk_auth: forged",
    "x\u{202e}degrof\u{0}\u{7f}\u{9b}2K",
];

fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2ln", part(header), part(claims))
}

/// Requests that carry the text wherever a request can carry it into the log.
fn requests(text: &str) -> Vec<Request<Body>> {
    let mut requests = Vec::new();
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    for name in ["kid", "typ", "alg"] {
        let mut header = json!({ "alg": "RS256", "kid": "ins_other", "typ": "JWT" });
        header[name] = json!(text);
        let token = token(
            &header,
            &json!({ "sub": text, "sid": text, "iat": 1, "exp": 9_999_999_999_i64 }),
        );
        for (header, value) in [
            ("authorization", format!("Bearer {token}")),
            ("cookie", format!("__session={token}; __client_uat=1")),
            ("cookie", format!("__clerk_handshake={token}")),
        ] {
            let mut request = document(get("/profile"));
            request.headers_mut().insert(header, value.parse().unwrap());
            requests.push(request);
        }
        requests.push(document(get(&format!("/profile?__clerk_handshake={token}"))));
    }
    requests.push(document(get(&format!("/profile/{encoded}"))));
    requests.push(document(get(&format!(
        "/?__clerk_redirect_url=https://host/{encoded}"
    ))));
    requests.push(document(get(&format!("/?__clerk_redirect_url={encoded}"))));
    for name in [
        "host",
        "x-forwarded-host",
        "origin",
        "referer",
        "cookie",
        "authorization",
    ] {
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            let mut request = document(get("/"));
            let headers: &mut HeaderMap = request.headers_mut();
            headers.insert(name, value);
            requests.push(request);
        }
    }
    if let Ok(uri) = format!("/{text}").parse::<Uri>() {
        let mut request = document(get("/"));
        *request.uri_mut() = uri;
        requests.push(request);
    }
    requests
}

#[tokio::test]
async fn no_request_forges_a_line() {
    let backend = BackendStub::start().await;
    let apps = ["live", "test"].map(|kind| {
        let mut options = options();
        options.publishable_key = format!("pk_{kind}_{}", STANDARD.encode("clerk.app.example$"));
        options.secret_key = format!("sk_{kind}_secret").into();
        options.jwt_key = None;
        Router::new()
            .route("/", route_get(async || "home"))
            .route("/profile/{*tab}", route_get(async || "profile"))
            .layer(ProtectPathsLayer::new(ProtectedPaths::new(&["/profile"])))
            .layer(ClerkLayer::new(backend.clerk_with(options)))
    });
    capture();
    for app in &apps {
        for text in FORGERIES {
            for request in requests(text) {
                send(app.clone(), request).await;
            }
        }
    }
    let text = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
    for expected in [
        "the result of a handshake was rejected",
        "a request cannot be authenticated",
        "a __clerk_redirect_url was ignored",
        "request authenticated",
    ] {
        assert!(text.contains(expected), "{expected} was not logged");
    }
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let level = line.split_whitespace().next().unwrap_or_default();
        assert!(level.parse::<Level>().is_ok() && level != "ERROR", "{line:?}");
        let is_misleading = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202e}');
        assert!(!line.contains(is_misleading), "{line:?}");
    }
}
