use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::{TestApp, token};

#[tokio::test]
async fn the_first_page_of_a_development_instance_starts_a_handshake() {
    let key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
    let app = TestApp::with(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_secretsecretsecret"),
        ("CLERK_PROXY_URL", ""),
    ])
    .await;
    let reply = app.get("/plans?a=b").document().send().await;
    assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
    let location = reply.header("location");
    assert!(
        location.starts_with("https://app-1.clerk.accounts.dev/v1/client/handshake?"),
        "{location}"
    );
    assert!(
        location.contains("redirect_url=https%3A%2F%2Fapp.example%2Fplans%3Fa%3Db"),
        "{location}"
    );
    assert_eq!(reply.header("x-clerk-auth-status"), "handshake");
    assert_eq!(reply.header("x-clerk-auth-reason"), "dev-browser-missing");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.body, "");
    assert_eq!(reply.session_cookie(), None);
}

#[tokio::test]
async fn an_expired_session_starts_a_handshake_for_pages_but_not_for_api_calls() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").expired().cookies();
    let page = app.get("/").document().cookies(&cookies).send().await;
    assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT);
    assert!(
        page.header("location").contains("/v1/client/handshake"),
        "{}",
        page.header("location")
    );
    assert!(
        page.header("x-clerk-auth-reason")
            .starts_with("session-token-expired")
    );

    let call = app
        .get("/api/me")
        .header("accept", "application/json")
        .cookies(&cookies)
        .send()
        .await;
    assert_eq!(call.status, StatusCode::UNAUTHORIZED);
}
