//! The Content Security Policy, what browsers report about it, and the integrity of scripts.

use aws_lc_rs::digest::{SHA384, digest};
use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::{Log, Reply, TestApp};

const POLICY: &str = "content-security-policy";
const REPORT_ONLY: &str = "content-security-policy-report-only";

async fn report(app: &TestApp, body: String) -> Reply {
    let request = app
        .post("/csp-report")
        .header("content-type", "application/csp-report");
    request.body(body).send().await
}

#[tokio::test]
async fn scripts_need_the_nonce_and_may_load_further_ones() {
    let app = TestApp::start().await;
    let page = app.get("/").document().send().await;
    let policy = page.header(POLICY);
    let script = format!("script-src 'self' 'nonce-{}' 'strict-dynamic' ", page.nonce());
    assert!(policy.contains(&script), "{policy}");
    let preloaded = page
        .body
        .split("<link")
        .find(|link| link.contains("modulepreload"));
    assert!(preloaded.unwrap().contains(page.nonce()), "{}", page.body);
}

#[tokio::test]
async fn sources_are_added_and_the_policy_can_be_tried_first() {
    let extra = "img-src https://images.example; font-src https://fonts.example";
    let app = TestApp::with(&[("CSP_EXTRA", extra), ("CSP_REPORT_ONLY", "true")]).await;
    for path in ["/", "/nothing", "/api/me", "/favicon.svg", "/healthz"] {
        let reply = app.get(path).send().await;
        assert!(!reply.headers.contains_key(POLICY), "{path}");
        let policy = reply.header(REPORT_ONLY);
        for expected in [
            "img-src 'self' data: https://img.clerk.com https://images.example;",
            "font-src 'self' https://fonts.example;",
            "; report-uri /csp-report",
        ] {
            assert!(policy.contains(expected), "{path}: {policy}");
        }
    }
    let enforced = TestApp::with(&[("CSP_REPORT_ONLY", "false")]).await;
    let reply = enforced.get("/").send().await;
    assert!(reply.headers.contains_key(POLICY) && !reply.headers.contains_key(REPORT_ONLY));
}

/// The value that docs/deploying.md names.
#[tokio::test]
async fn google_one_tap_can_be_allowed() {
    let page = include_str!("../../docs/deploying.md");
    let (_, rest) = page.split_once("Google One Tap").unwrap();
    let (_, rest) = rest.split_once("CSP_EXTRA=\"").unwrap();
    let (extra, _) = rest.split_once('"').unwrap();
    let app = TestApp::with(&[("CSP_EXTRA", extra)]).await;
    let page = app.get("/sign-in").document().send().await;
    let policy = page.header(POLICY);
    for (directive, source) in [
        ("script-src", "https://accounts.google.com/gsi/client"),
        ("style-src", "https://accounts.google.com/gsi/style"),
        ("frame-src", "https://accounts.google.com/gsi/"),
        ("connect-src", "https://accounts.google.com/gsi/"),
    ] {
        let sources = policy
            .split("; ")
            .find(|part| part.starts_with(directive))
            .unwrap();
        assert!(sources.split(' ').any(|allowed| allowed == source), "{policy}");
    }
}

#[tokio::test]
async fn one_report_a_minute_is_logged_without_tokens() {
    let app = TestApp::start().await;
    let log = Log::start();
    for ticket in ["eyJfirst", "eyJsecond"] {
        let body = json!({ "csp-report": {
            "document-uri": format!("http://localhost:5001/sign-in?__clerk_ticket={ticket}"),
            "effective-directive": "img-src",
            "blocked-uri": "https://evil.example/a.gif?stolen\nERROR forged",
        }});
        let reply = report(&app, body.to_string()).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        assert!(!reply.headers.contains_key("set-cookie"));
    }
    let log = log.stop();
    assert_eq!(log.lines().count(), 1, "{log}");
    for expected in [
        "img-src",
        "https://evil.example/a.gif",
        "http://localhost:5001/sign-in",
        "is_enforced=true",
    ] {
        assert!(log.contains(expected), "{log}");
    }
    assert!(
        !log.contains("eyJ") && !log.contains("stolen") && !log.contains("forged"),
        "{log}"
    );
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let app = TestApp::start().await;
    let log = Log::start();
    for (body, status) in [
        (String::new(), StatusCode::BAD_REQUEST),
        ("{\"csp-report\": 1}".to_owned(), StatusCode::BAD_REQUEST),
        ("\u{0}".to_owned(), StatusCode::BAD_REQUEST),
        (
            json!({ "csp-report": { "blocked-uri": "x".repeat(20_000) } }).to_string(),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        assert_eq!(report(&app, body).await.status, status);
    }
    let other = app.request(Method::GET, "/csp-report").send().await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(log.stop(), "");
}

/// The tag of the script with this attribute.
fn script(page: &Reply, marker: &str) -> String {
    let mut tags = page.body.split("<script").filter_map(|tag| tag.split('>').next());
    tags.find(|tag| tag.contains(marker)).unwrap().to_owned()
}

#[tokio::test]
async fn the_apps_own_copies_of_clerks_scripts_are_pinned() {
    let app = TestApp::with(&[
        ("CLERK_JS_URL", "/favicon.svg"),
        ("CLERK_UI_URL", "https://cdn.example/favicon.svg"),
    ])
    .await;
    let content = app.get("/favicon.svg").send().await.body;
    let integrity = STANDARD.encode(digest(&SHA384, content.as_bytes()));
    let page = app.get("/").document().send().await;
    let own = script(&page, "data-clerk-js-script");
    assert!(
        own.contains(&format!("integrity=\"sha384-{integrity}\"")),
        "{own}"
    );
    let foreign = script(&page, "data-clerk-ui-script");
    assert!(!foreign.contains("integrity"), "{foreign}");

    // Somebody else may serve a path that is not a file of the app.
    let app = TestApp::with(&[("CLERK_JS_URL", "/elsewhere.js")]).await;
    assert!(!app.get("/").document().send().await.body.contains("integrity"));
}
