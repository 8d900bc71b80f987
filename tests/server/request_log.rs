//! What the log says about requests.

use std::collections::HashSet;

use axum::http::StatusCode;
use tracing::Level;

use crate::support::{Log, Reply, TestApp, TestRequest, token};

/// The lines about anything but the end of a request.
fn events(log: &str) -> Vec<&str> {
    log.lines()
        .filter(|line| !line.contains("request answered"))
        .collect()
}

#[tokio::test]
async fn each_request_is_one_line() {
    let app = TestApp::start().await;
    for (path, status) in [
        ("/plans?secret=s3cr3t", 200),
        ("/api/me", 401),
        ("/favicon.svg", 200),
        ("/__clerk/v1/client", 200),
    ] {
        let log = Log::at(Level::INFO);
        let reply = app.get(path).header("x-forwarded-for", "192.0.2.1").send().await;
        let log = log.stop();
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        assert_eq!(log.lines().count(), 1, "{log}");
        for part in [
            &format!("id=\"{}\"", reply.header("x-request-id")),
            "method=GET",
            &format!("path=\"{path}\""),
            "client=192.0.2.1",
            &format!("status={status}"),
            "elapsed_ms=",
        ] {
            assert!(log.contains(part), "{part}: {log}");
        }
        assert!(!log.contains("s3cr3t"), "{log}");
    }
}

#[tokio::test]
async fn a_rejected_token_is_logged_with_its_reason() {
    let app = TestApp::start().await;
    let valid = token("user_1", "sess_1").cookies();
    let log = Log::at(Level::INFO);
    app.get("/api/me").cookies(format!("{valid}x")).send().await;
    let log = log.stop();
    assert!(log.contains("auth_reason=\"token-invalid"), "{log}");
    assert!(!log.contains(valid.rsplit('.').next().unwrap()), "{log}");
}

#[tokio::test]
async fn health_checks_are_not_logged() {
    let app = TestApp::start().await;
    let log = Log::at(Level::INFO);
    app.get("/healthz").send().await;
    app.get("/readyz").send().await;
    assert_eq!(log.stop(), "");
}

#[tokio::test]
async fn requests_are_named_by_a_trusted_proxy_or_by_the_server() {
    let app = TestApp::start().await;
    let named = async |request: TestRequest, name: &str| {
        let reply = request.header("x-request-id", name).send().await;
        reply.header("x-request-id").to_owned()
    };
    let longest = "x".repeat(64);
    for name in ["f3a1-7.B_x", "Root=1-67891233-abcdef012345678912345678", &longest] {
        assert_eq!(named(app.get("/healthz"), name).await, name);
    }
    let mut own = HashSet::new();
    let too_long = "x".repeat(65);
    for name in ["", "a b", "a\"b", "a\tb", "caf\u{e9}", &too_long] {
        assert!(own.insert(named(app.get("/healthz"), name).await), "{name:?}");
    }
    for peer in ["192.0.2.1:1", "10.0.0.1:1"] {
        assert!(own.insert(named(app.get("/healthz").peer(peer), "given").await));
    }
    for name in own {
        assert!(
            name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn every_response_has_the_name_of_its_request() {
    let app = TestApp::start().await;
    for request in [
        app.get("/"),
        app.get("/profile").document(),
        app.get("/favicon.svg"),
        app.get("/plans/"),
        app.get("/__clerk/v1/client"),
        app.get("/").host("evil.example"),
        app.get("/./profile"),
        app.post("/").header("origin", "https://evil.example"),
    ] {
        assert_ne!(request.send().await.header("x-request-id"), "");
    }
}

#[tokio::test]
async fn each_refusal_is_one_event() {
    let app = TestApp::with(&[(
        "CLERK_WEBHOOK_SIGNING_SECRET",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )])
    .await;
    let webhook = |request: TestRequest| {
        let request = request.header("svix-id", "msg_1").header("svix-timestamp", "1");
        request.header("svix-signature", "v1,c2VjcmV0").body("{}")
    };
    let cases: [(TestRequest, StatusCode, &[&str]); 5] = [
        (
            app.get("/").host("evil.example"),
            StatusCode::MISDIRECTED_REQUEST,
            &["misdirected_request", "evil.example"],
        ),
        (
            app.get("/a/../b"),
            StatusCode::BAD_REQUEST,
            &["ambiguous_path", "/a/../b"],
        ),
        (
            app.post("/").header("origin", "https://evil.example"),
            StatusCode::FORBIDDEN,
            &["cross_site_request", "https://evil.example"],
        ),
        (
            webhook(app.post("/webhooks/clerk")),
            StatusCode::BAD_REQUEST,
            &["a webhook was refused"],
        ),
        (
            app.get("/").document().cookies("__clerk_handshake=not.a.token"),
            StatusCode::OK,
            &["the result of a handshake was rejected"],
        ),
    ];
    for (request, status, parts) in cases {
        let log = Log::at(Level::INFO);
        let reply = request.header("x-forwarded-for", "192.0.2.1").send().await;
        let log = log.stop();
        assert_eq!(reply.status, status, "{log}");
        let events = events(&log);
        assert_eq!(events.len(), 1, "{log}");
        let context = [reply.header("x-request-id"), "192.0.2.1", "WARN"];
        for part in context.iter().chain(parts) {
            assert!(events[0].contains(part), "{part}: {log}");
        }
        for secret in ["c2VjcmV0", "not.a.token"] {
            assert!(!log.contains(secret), "{log}");
        }
    }
}

#[tokio::test]
async fn signing_in_and_out_are_one_event_each() {
    let app = TestApp::start().await;
    let log = Log::at(Level::INFO);
    let page = async |cookies: &str| -> (Reply, String) {
        let request = app.get("/").document().cookies(cookies);
        let reply = request.header("x-forwarded-for", "192.0.2.1").send().await;
        (reply, log.take())
    };
    let assert_event = |log: &str, event: &str, reply: &Reply| {
        let events = events(log);
        assert_eq!(events.len(), 1, "{log}");
        let id = reply.header("x-request-id");
        for part in [
            event,
            "user_id=\"user_1\"",
            "session_id=\"sess_1\"",
            "192.0.2.1",
            id,
        ] {
            assert!(events[0].contains(part), "{part}: {log}");
        }
    };
    let cookies = token("user_1", "sess_1").cookies();
    let (reply, text) = page(&cookies).await;
    assert_event(&text, "sign-in seen", &reply);
    let session = reply.session();
    let (_, text) = page(&format!("{cookies}; {session}")).await;
    assert_eq!(events(&text), Vec::<&str>::new());
    let (reply, text) = page(&session).await;
    assert_event(&text, "sign-out seen", &reply);
    let (_, text) = page(&session).await;
    assert!(!text.contains("seen"), "{text}");
}
