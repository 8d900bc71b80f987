//! The app with a local Clerk in the same process: what the stub cannot show.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::LocalApp;

/// How long a webhook may take to arrive.
const WEBHOOK_DEADLINE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_visitor_signs_up_and_is_known_to_api_and_pages() {
    let app = LocalApp::start().await;
    let before = app.get("/profile").document().send().await;
    assert_eq!(before.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(before.header("location"), "/sign-in?redirect_url=%2Fprofile");

    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let me = app.get("/api/me").cookies(ada.cookies()).send().await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.body);
    assert_eq!(me.json()["user_id"], ada.id);
    assert_eq!(me.json()["session_id"], ada.session_id);

    let bearer = format!("Bearer {}", ada.token);
    let me = app.get("/api/me").header("authorization", bearer).send().await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.body);
    assert_eq!(me.json()["user_id"], ada.id);

    let profile = app.get("/profile").document().cookies(ada.cookies()).send().await;
    assert_eq!(profile.status, StatusCode::OK);
    assert!(
        profile.body.contains("ada+clerk_test@example.com"),
        "{}",
        profile.body
    );
}

#[tokio::test]
async fn the_demo_user_signs_in_and_out() {
    let app = LocalApp::start().await;
    let demo = app
        .sign_in("demo+clerk_test@example.com", "local-clerk-demo")
        .await;
    let profile = app
        .get("/profile")
        .document()
        .cookies(demo.cookies())
        .send()
        .await;
    assert_eq!(profile.status, StatusCode::OK);
    assert!(profile.body.contains("demo+clerk_test@example.com"));
    let session = profile.session();

    let ended = app.sign_out(&demo).await;
    assert_eq!(ended.json()["response"]["status"], "ended");
    let after = app
        .get("/profile")
        .document()
        .cookies(format!("__client_uat=0; {session}"))
        .send()
        .await;
    assert_eq!(after.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(after.header("x-clerk-auth-status"), "signed-out");
}

#[tokio::test]
async fn a_webhook_of_a_changed_user_refreshes_the_page() {
    let app = LocalApp::start().await;
    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let first = app.get("/").document().cookies(ada.cookies()).send().await;
    assert!(!first.body.contains("Countess of Lovelace"));
    let change = json!({ "first_name": "Countess of Lovelace" });
    app.backend(Method::PATCH, &format!("/v1/users/{}", ada.id), &change)
        .await;
    // Without the webhook the snapshot would stay for five minutes.
    let deadline = Instant::now() + WEBHOOK_DEADLINE;
    loop {
        // The change ends earlier tokens.
        let path = format!("/v1/sessions/{}/tokens", ada.session_id);
        let token = app.backend(Method::POST, &path, &json!({})).await;
        let token = token["jwt"].as_str().unwrap();
        let cookies = format!("__client_uat=1; __session={token}; {}", first.session());
        let page = app.get("/").document().cookies(cookies).send().await;
        if page.body.contains("Countess of Lovelace") {
            break;
        }
        assert!(Instant::now() < deadline, "the webhook has not arrived");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_content_security_policy_allows_no_other_host() {
    let app = LocalApp::start().await;
    let reply = app.get("/").document().send().await;
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("' 'wasm-unsafe-eval';"), "{policy}");
    assert!(policy.contains("connect-src 'self';"), "{policy}");
    assert!(!policy.contains("http"), "{policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{policy}");
}
