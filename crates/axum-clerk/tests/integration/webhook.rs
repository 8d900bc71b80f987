//! `VerifiedWebhook`, with the `Clerk` as state or as part of it.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef},
    routing::post,
};
use axum_clerk::{Clerk, VerifiedWebhook, clerk_auth::WebhookSecret};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, StatusCode};

use crate::support::{error_code, header, options, send};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_SECRET: &str = "whsec_c29tZSBvdGhlciBzZWNyZXQ=";

fn clerk(secret: Option<&str>) -> Clerk {
    let mut options = options();
    options.webhook_secret = secret.map(|secret| WebhookSecret::parse(secret).unwrap());
    Clerk::new(options).unwrap()
}

async fn receive(VerifiedWebhook(event): VerifiedWebhook) -> String {
    event.event_type
}

fn app(secret: Option<&str>) -> Router {
    Router::new()
        .route("/webhooks", post(receive))
        .layer(DefaultBodyLimit::max(1024))
        .with_state(clerk(secret))
}

/// An event as Clerk sends it, signed with this secret.
fn signed(body: &str, secret: &str) -> Request<Body> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signature = hmac::sign(&key, format!("msg_1.{now}.{body}").as_bytes());
    Request::post("/webhooks")
        .header("svix-id", "msg_1")
        .header("svix-timestamp", now.to_string())
        .header("svix-signature", format!("v1,{}", STANDARD.encode(signature)))
        .body(Body::from(body.to_owned()))
        .unwrap()
}

const EVENT: &str = r#"{"type":"user.updated","data":{"id":"user_1"}}"#;

#[tokio::test]
async fn a_signed_event_reaches_the_handler() {
    let response = send(app(Some(SECRET)), signed(EVENT, SECRET)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), "user.updated");
}

#[tokio::test]
async fn the_clerk_may_be_a_part_of_the_state() {
    #[derive(Clone)]
    struct AppState {
        clerk: Clerk,
    }
    impl FromRef<AppState> for Clerk {
        fn from_ref(state: &AppState) -> Self {
            state.clerk.clone()
        }
    }
    let state = AppState {
        clerk: clerk(Some(SECRET)),
    };
    let app = Router::new().route("/webhooks", post(receive)).with_state(state);
    assert_eq!(send(app, signed(EVENT, SECRET)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_message_that_clerk_did_not_sign_is_refused_without_a_reason() {
    for request in [
        signed(EVENT, OTHER_SECRET),
        signed("not an event", SECRET),
        Request::post("/webhooks").body(Body::empty()).unwrap(),
    ] {
        let response = send(app(Some(SECRET)), request).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_eq!(error_code(&response), "webhook_verification_failed");
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert!(!response.body().contains("signature"), "{}", response.body());
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let response = send(app(Some(SECRET)), signed(&" ".repeat(2048), SECRET)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn without_a_signing_secret_there_are_no_webhooks() {
    let response = send(app(None), signed(EVENT, SECRET)).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(error_code(&response), "webhooks_not_configured");
}
