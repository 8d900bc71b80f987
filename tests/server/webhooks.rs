use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Reply, TempDir, TestApp, Token, token};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn app() -> TestApp {
    TestApp::with(&[("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]).await
}

/// Sends an event as Clerk does, signed with this secret.
async fn send(app: &TestApp, event: &str, user_id: &str, secret: &str) -> Reply {
    let data = json!({ "id": user_id, "public_user_data": { "user_id": user_id } });
    let body = json!({ "type": event, "data": data }).to_string();
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
    let both = format!("{}; {session}", token("user_1", "sess_1").cookies());
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
    assert_eq!(after.status, StatusCode::TEMPORARY_REDIRECT);
    let signed_out = format!("__client_uat=0; {session}");
    let after = app.get("/").cookies(&signed_out).document().send().await;
    assert!(!after.body.contains("Ada"));
    assert_eq!(app.get("/readyz").send().await.status, StatusCode::OK);
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

#[tokio::test]
async fn tokens_that_were_issued_before_an_event_count_as_expired() {
    for (event, subject, ends) in [
        ("session.revoked", "sess_1", true),
        ("session.ended", "sess_1", true),
        ("session.removed", "sess_1", true),
        ("user.deleted", "user_1", true),
        ("organizationMembership.updated", "user_1", false),
        ("organizationMembership.deleted", "user_1", false),
    ] {
        let app = app().await;
        let status = async |token: Token| {
            let authorization = format!("Bearer {}", token.sign());
            let by_header = app
                .get("/api/me")
                .header("authorization", authorization)
                .send()
                .await;
            let by_cookie = app.get("/api/me").cookies(token.cookies()).send().await;
            assert_eq!(by_header.status, by_cookie.status, "{event}");
            by_cookie.status
        };
        let earlier = || token("user_1", "sess_1").issued_ago(30);
        assert_eq!(status(earlier()).await, StatusCode::OK, "{event}");
        assert_eq!(
            send(&app, event, subject, SECRET).await.status,
            StatusCode::NO_CONTENT
        );
        assert_eq!(status(earlier()).await, StatusCode::UNAUTHORIZED, "{event}");

        // A browser is sent to Clerk, which knows better; nobody is signed out here.
        let page = app
            .get("/profile")
            .document()
            .cookies(earlier().cookies())
            .send()
            .await;
        assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT, "{event}");
        assert!(
            page.header("location").contains("/v1/client/handshake"),
            "{event}"
        );
        let reason = page.header("x-clerk-auth-reason");
        assert!(reason.starts_with("session-token-expired"), "{event}: {reason}");

        let new = match ends {
            true => StatusCode::UNAUTHORIZED,
            false => StatusCode::OK,
        };
        assert_eq!(status(token("user_1", "sess_1")).await, new, "{event}");
        let other = token("user_2", "sess_2").issued_ago(30);
        assert_eq!(status(other).await, StatusCode::OK, "{event}");
    }
}

#[tokio::test]
async fn events_that_take_nothing_away_leave_tokens_valid() {
    for event in ["user.updated", "organizationMembership.created"] {
        let app = app().await;
        send(&app, event, "user_1", SECRET).await;
        let earlier = token("user_1", "sess_1").issued_ago(30);
        let reply = app.get("/api/me").cookies(earlier.cookies()).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{event}");
    }
}

#[tokio::test]
async fn other_nodes_hear_of_a_revocation_once_the_store_works_again() {
    let directory = TempDir::new();
    let store = format!("sqlite:{}/sessions.sqlite", directory.as_str());
    let app = TestApp::with(&[
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
        ("SESSION_STORE", &store),
    ])
    .await;
    let database = Connection::open(directory.path().join("sessions.sqlite")).unwrap();
    database
        .execute_batch("ALTER TABLE notices RENAME TO gone")
        .unwrap();
    let failed = send(&app, "session.revoked", "sess_1", SECRET).await;
    assert_eq!(failed.status, StatusCode::SERVICE_UNAVAILABLE, "Clerk repeats it");
    let me = app.get("/api/me").cookies(token("user_1", "sess_1").cookies());
    assert_eq!(
        me.send().await.status,
        StatusCode::UNAUTHORIZED,
        "known here at once"
    );

    database
        .execute_batch("ALTER TABLE gone RENAME TO notices")
        .unwrap();
    let repeated = send(&app, "session.revoked", "sess_1", SECRET).await;
    assert_eq!(repeated.status, StatusCode::NO_CONTENT);
    let started = TestApp::with(&[("SESSION_STORE", &store)]).await;
    let me = started
        .get("/api/me")
        .cookies(token("user_1", "sess_1").cookies());
    assert_eq!(me.send().await.status, StatusCode::UNAUTHORIZED);
}
