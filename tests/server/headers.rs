use axum::http::{Method, StatusCode};

use crate::support::TestApp;

#[tokio::test]
async fn every_response_of_the_app_has_the_security_headers() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/nothing",
        "/api/me",
        "/pkg/app.0a1b.js",
        "/favicon.svg",
        "/healthz",
    ] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(
            reply.header("cross-origin-opener-policy"),
            "same-origin-allow-popups",
            "{path}"
        );
        assert_eq!(
            reply.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            reply.header("referrer-policy"),
            "strict-origin-when-cross-origin",
            "{path}"
        );
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!reply.headers.contains_key("strict-transport-security"), "{path}");
    }
    let https = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    let reply = https.get("/").send().await;
    assert_eq!(
        reply.header("strict-transport-security"),
        "max-age=63072000; includeSubDomains"
    );
}

#[tokio::test]
async fn every_script_has_the_nonce_of_the_policy_which_changes_each_time() {
    let app = TestApp::start().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let reply = app.get("/").document().send().await;
        let nonce = reply.nonce().to_owned();
        let scripts: Vec<&str> = reply.body.split("<script").skip(1).collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            let tag = script.split('>').next().unwrap();
            let is_data = tag.contains("application/json");
            assert!(
                is_data || tag.contains(&format!("nonce=\"{nonce}\"")),
                "<script{tag}>"
            );
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn the_policy_allows_what_clerk_and_automatic_reloading_need() {
    let app = TestApp::with(&[("CLERK_PROXY_URL", ""), ("LEPTOS_WATCH", "true")]).await;
    let reply = app.get("/").send().await;
    let policy = reply.header("content-security-policy");
    for expected in [
        "script-src 'self' 'nonce-",
        "' 'wasm-unsafe-eval' https://clerk.app.example https://challenges.cloudflare.com",
        "connect-src 'self' https://clerk.app.example ",
        "https://clerk-telemetry.com",
        "ws://localhost:3001",
        "frame-src 'self' https://challenges.cloudflare.com",
        "img-src 'self' data: https://img.clerk.com",
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self' blob:",
    ] {
        assert!(policy.contains(expected), "{expected} is not in {policy}");
    }
    let quiet = TestApp::with(&[("CLERK_TELEMETRY_DISABLED", "true")]).await;
    let reply = quiet.get("/").send().await;
    let policy = reply.header("content-security-policy");
    assert!(!policy.contains("telemetry"), "{policy}");
    assert!(!policy.contains("ws://"), "{policy}");
}

const SIGN_IN: StatusCode = StatusCode::TEMPORARY_REDIRECT;

#[tokio::test]
async fn malformed_cookies_count_as_signed_out() {
    let app = TestApp::start().await;
    let cookies: [&[u8]; 5] = [
        b"=; ;;; =;__session",
        b"__client_uat=99999999999999999999; __session=eyJhbGciOiJub25lIn0.e30.",
        b"app_session=%00%ff; __clerk_db_jwt=\xc3\x28",
        b"__clerk_handshake=garbage; __clerk_handshake_nonce=garbage",
        b"__session=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOjF9.AAAA; __client_uat=1",
    ];
    for cookie in cookies {
        for (path, status, location) in [
            ("/", StatusCode::OK, ""),
            ("/profile", SIGN_IN, "/sign-in?redirect_url=%2Fprofile"),
            ("/api/me", SIGN_IN, "/sign-in?redirect_url=%2Fapi%2Fme"),
            ("/nothing", StatusCode::NOT_FOUND, ""),
        ] {
            let reply = app.get(path).document().cookies(cookie).send().await;
            assert_eq!(reply.status, status, "{path} {cookie:?}");
            assert_eq!(reply.header("location"), location, "{path} {cookie:?}");
            assert_eq!(
                reply.header("x-clerk-auth-status"),
                "signed-out",
                "{path} {cookie:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_session_cookie_without_a_valid_client_cookie_starts_a_handshake() {
    let app = TestApp::start().await;
    let cookie = b"__session=not.a.jwt; __client_uat=x; __client=\x80\xff";
    for path in ["/", "/profile", "/api/me", "/nothing"] {
        let reply = app.get(path).document().cookies(cookie).send().await;
        assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT, "{path}");
        assert!(
            reply
                .header("location")
                .starts_with("https://app.example/__clerk/v1/client/handshake?"),
            "{path} leads to {}",
            reply.header("location")
        );
        assert_eq!(reply.header("x-clerk-auth-status"), "handshake", "{path}");
    }
}

#[tokio::test]
async fn malformed_headers_count_as_signed_out() {
    let app = TestApp::with(&[("ALLOWED_HOSTS", "*")]).await;
    let headers: [(&'static str, &[u8]); 8] = [
        ("authorization", b"Bearer \xff\xfe"),
        ("authorization", b"Bearer"),
        ("authorization", b"Bearer a.b.c"),
        ("x-forwarded-host", b"evil.example, ,"),
        ("x-forwarded-proto", b"javascript"),
        ("origin", b"\xff"),
        ("accept", b"\xff"),
        ("referer", b"::::"),
    ];
    for (name, value) in headers {
        for (path, status, location) in [
            ("/", StatusCode::OK, ""),
            ("/profile", SIGN_IN, "/sign-in?redirect_url=%2Fprofile"),
            ("/api/me", StatusCode::UNAUTHORIZED, ""),
        ] {
            let reply = app.get(path).header(name, value).send().await;
            assert_eq!(reply.status, status, "{path} {name}");
            assert_eq!(reply.header("location"), location, "{path} {name}");
        }
    }
}

#[tokio::test]
async fn a_malformed_host_is_a_bad_request() {
    let app = TestApp::with(&[("ALLOWED_HOSTS", "*")]).await;
    for path in ["/", "/profile", "/api/me"] {
        let reply = app.get(path).header("host", b"\xff").send().await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(
            reply.json()["errors"][0]["code"],
            "authentication_failed",
            "{path}"
        );

        let page = app.get(path).header("host", b"\xff").document().send().await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
        assert!(
            page.body.contains("<h1>Something went wrong</h1>"),
            "{}",
            page.body
        );
    }
}

#[tokio::test]
async fn unusual_request_targets_are_answered() {
    let app = TestApp::start().await;
    for (path, status, location) in [
        ("/%ff", StatusCode::NOT_FOUND, ""),
        ("/?a=%ff", StatusCode::OK, ""),
        ("//", StatusCode::NOT_FOUND, ""),
        ("//evil.example/", StatusCode::PERMANENT_REDIRECT, "/evil.example"),
        ("/..%2f..%2fetc/passwd", StatusCode::NOT_FOUND, ""),
        ("/a%2Fb.js", StatusCode::NOT_FOUND, ""),
        (
            "/?__clerk_handshake=garbage",
            StatusCode::TEMPORARY_REDIRECT,
            "https://app.example/",
        ),
        (
            "/?__clerk_db_jwt=garbage&__clerk_synced=maybe",
            StatusCode::OK,
            "",
        ),
        (
            "/profile?redirect_url=//evil.example",
            SIGN_IN,
            "/sign-in?redirect_url=%2Fprofile%3Fredirect_url%3D%2F%2Fevil.example",
        ),
    ] {
        let reply = app.get(path).document().send().await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("location"), location, "{path}");
    }
    let asterisk = app.request(Method::OPTIONS, "*").send().await;
    assert_eq!(asterisk.status, StatusCode::BAD_REQUEST);
    let connect = app.request(Method::CONNECT, "evil.example:443").send().await;
    assert_eq!(connect.status, StatusCode::BAD_REQUEST);
}
