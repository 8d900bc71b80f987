use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::{Reply, TestApp, token};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn app() -> TestApp {
    TestApp::with(&[("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]).await
}

/// Sends an event as Clerk does, signed with this secret.
async fn send(app: &TestApp, event: &str, user_id: &str, secret: &str) -> Reply {
    let body = json!({ "type": event, "data": { "id": user_id } }).to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signature = hmac::sign(&key, format!("msg_1.{now}.{body}").as_bytes());
    app.post("/webhooks/clerk")
        .header("content-type", "application/json")
        .header("svix-id", "msg_1")
        .header("svix-timestamp", now.to_string())
        .header("svix-signature", format!("v1,{}", STANDARD.encode(signature)))
        // The signature decides, not the origin.
        .header("origin", "https://elsewhere.example")
        .body(body)
        .send()
        .await
}

#[tokio::test]
async fn a_changed_user_is_fetched_again() {
    let app = app().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let both = format!("{cookies}; {session}");

    assert_eq!(
        send(&app, "user.updated", "user_2", SECRET).await.status,
        StatusCode::NO_CONTENT
    );
    app.get("/").cookies(&both).send().await;
    assert_eq!(app.clerk.user_fetches(), 1, "another user has changed");

    let received = send(&app, "user.updated", "user_1", SECRET).await;
    assert_eq!(received.status, StatusCode::NO_CONTENT);
    assert_eq!(received.session_cookie(), None);
    app.get("/").cookies(&both).send().await;
    assert_eq!(app.clerk.user_fetches(), 2);
}

#[tokio::test]
async fn a_deleted_user_is_forgotten() {
    let app = app().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    app.clerk.delete_users();
    let both = format!("{cookies}; {session}");
    assert!(
        app.get("/")
            .cookies(&both)
            .document()
            .send()
            .await
            .body
            .contains("Ada")
    );
    send(&app, "user.deleted", "user_1", SECRET).await;
    let after = app.get("/").cookies(&both).document().send().await;
    assert!(!after.body.contains("Ada"));
    assert!(after.session_cookie().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn a_message_that_clerk_did_not_sign_changes_nothing() {
    let app = app().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let refused = send(&app, "user.updated", "user_1", "whsec_c29tZSBvdGhlciBzZWNyZXQ=").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["errors"][0]["code"], "webhook_verification_failed");
    assert!(!refused.body.contains("signature"), "{}", refused.body);
    app.get("/").cookies(format!("{cookies}; {session}")).send().await;
    assert_eq!(app.clerk.user_fetches(), 1);

    let nothing = app.post("/webhooks/clerk").send().await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    let too_much = app.post("/webhooks/clerk").body(vec![b' '; 2 << 20]).send().await;
    assert_eq!(too_much.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        app.get("/webhooks/clerk").send().await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn without_a_signing_secret_there_are_no_webhooks() {
    let app = TestApp::start().await;
    let reply = send(&app, "user.updated", "user_1", SECRET).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.json()["errors"][0]["code"], "webhooks_not_configured");
}
