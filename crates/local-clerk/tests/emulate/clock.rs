use axum::{Router, http::StatusCode, routing::post};
use local_clerk::{Instance, LocalClerk};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{Answer, SEED, Suite, claims};

async fn advance(suite: &Suite, by: &str) -> Value {
    suite.post("/clock", json!({ "advance": by })).await
}

/// The real time in seconds since 1970.
fn real_now() -> i64 {
    let elapsed = std::time::UNIX_EPOCH.elapsed().unwrap();
    elapsed.as_secs().try_into().unwrap()
}

#[tokio::test]
async fn the_clock_goes_forward_only() {
    let suite = Suite::start().await;
    let before = suite.get("/clock").await;
    assert_eq!(before["offset_ms"], 0);
    let week = advance(&suite, "8d").await;
    assert_eq!(week["offset_ms"], 8 * 86_400_000);
    assert!(week["now"].as_i64().unwrap() >= before["now"].as_i64().unwrap() + 8 * 86_400_000);
    assert_eq!(
        advance(&suite, "1h 30m").await["offset_ms"],
        8 * 86_400_000 + 5_400_000
    );
    for wrong in ["-1d", "8", "soon", "101 years", ""] {
        let answer = suite
            .control(Method::POST, "/clock", json!({ "advance": wrong }))
            .await;
        assert_eq!(
            answer.error(),
            (422, "form_param_value_invalid", "advance"),
            "{wrong}"
        );
    }
    let user = suite.create_user("bob@example.com").await;
    assert!(user["created_at"].as_i64().unwrap() > week["now"].as_i64().unwrap());
}

#[tokio::test]
async fn sessions_codes_and_lockouts_follow_the_clock() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    advance(&suite, "6d").await;
    assert_eq!(browser.sessions().await.len(), 1);
    advance(&suite, "2d").await;
    assert!(
        browser.sessions().await.is_empty(),
        "a session ends after seven days"
    );

    let late = suite.browser().await;
    let attempt = late.ask_for_code().await;
    advance(&suite, "11m").await;
    assert_eq!(late.enter_code(&attempt).await.error().1, "verification_expired");

    suite
        .control(Method::PATCH, "/settings", json!({ "lockout_attempts": 1 }))
        .await
        .ok();
    let fields = [
        ("identifier", "ada@example.com"),
        ("password", "wrong horse battery"),
    ];
    suite.browser().await.post("/v1/client/sign_ins", &fields).await;
    let right = [
        ("identifier", "ada@example.com"),
        ("password", "correct horse battery"),
    ];
    let locked = suite.browser().await.post("/v1/client/sign_ins", &right).await;
    assert_eq!(locked.error().1, "user_locked");
    advance(&suite, "61m").await;
    suite.signed_in().await;
}

#[tokio::test]
async fn tokens_follow_the_real_clock_but_tell_the_age_of_the_verification() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    advance(&suite, "2h").await;
    let client = browser.get("/v1/client").await.ok();
    let token = &client["response"]["sessions"][0]["last_active_token"]["jwt"];
    let token = claims(token.as_str().unwrap());
    assert_eq!(token["fva"][0], 120);
    let now = real_now();
    assert!((now - 5..=now).contains(&token["iat"].as_i64().unwrap()));
    assert_eq!(
        token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap(),
        60
    );
    let updated_at = client["response"]["updated_at"].as_i64().unwrap() / 1000;
    assert!(
        (now - 60..=now).contains(&updated_at),
        "older tokens would be rejected"
    );
    // A password is changed only after a new verification.
    let fields = [
        ("current_password", "correct horse battery"),
        ("new_password", "another horse battery"),
    ];
    let answer = browser.post("/v1/me/change_password", &fields).await;
    assert_eq!(answer.error().1, "session_reverification_required");
}

#[tokio::test]
async fn a_handshake_works_at_any_time() {
    for instance in [Instance::Development, Instance::Production] {
        let suite = Suite::with(LocalClerk::builder().seed_str(SEED).instance(instance)).await;
        advance(&suite, "30d").await;
        let ada = suite.clerk.session_of("ada@example.com").await.unwrap();
        let token = claims(ada.bearer_token());
        let uat = ada.cookies().split("__client_uat=").nth(1).unwrap();
        let uat: i64 = uat.split(';').next().unwrap().parse().unwrap();
        let now = real_now();
        assert!((now - 5..=now).contains(&uat), "{uat}");
        assert!(token["iat"].as_i64().unwrap() >= uat);
    }
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    advance(&suite, "1h").await;
    let target = "/v1/client/handshake?format=nonce&redirect_url=http%3A%2F%2Flocalhost%3A3000%2F";
    let answer = browser.get(target).await;
    let location = answer.headers["location"].to_str().unwrap();
    let nonce = location.split("__clerk_handshake_nonce=").nth(1).unwrap();
    advance(&suite, "1h").await;
    let path = format!("/v1/clients/handshake_payload?nonce={nonce}");
    let payload = suite.backend(Method::GET, &path, Value::Null).await.ok();
    let directives = payload["directives"].to_string();
    assert!(directives.contains("__session=ey"), "{directives}");
}

#[tokio::test]
async fn paid_plans_renew_and_cancelled_ones_end() {
    let seed = r#"
        [[plans]]
        slug = "free_user"
        name = "Free"
        [[plans]]
        slug = "pro"
        name = "Pro"
        monthly = 1200
        [[users]]
        email_addresses = ["ada@example.com"]
        plan = "pro"
    "#;
    let suite = Suite::with(LocalClerk::builder().seed_str(seed)).await;
    let users = suite.backend(Method::GET, "/v1/users", Value::Null).await.ok();
    let path = format!(
        "/v1/users/{}/billing/subscription",
        users[0]["id"].as_str().unwrap()
    );
    let item = async || {
        let subscription = suite.backend(Method::GET, &path, Value::Null).await.ok();
        subscription["subscription_items"][0].clone()
    };
    let first = item().await;
    advance(&suite, "31d").await;
    let renewed = item().await;
    assert_eq!(renewed["period_start"], first["period_end"]);
    let cancel = format!(
        "/v1/billing/subscription_items/{}",
        renewed["id"].as_str().unwrap()
    );
    suite.backend(Method::DELETE, &cancel, Value::Null).await.ok();
    advance(&suite, "31d").await;
    assert_eq!(item().await["plan"]["slug"], "free_user");
}

#[tokio::test]
async fn tokens_have_the_azp_of_the_last_app_also_after_a_reset() {
    let suite = Suite::start().await;
    let azp = async || {
        let ada = suite.clerk.session_of("ada@example.com").await.unwrap();
        let body = json!({ "session_id": ada.session_id() });
        let token = suite.post("/tokens", body).await;
        claims(token["jwt"].as_str().unwrap())["azp"].clone()
    };
    assert_eq!(azp().await, Value::Null, "no app is known yet");
    let proxied = suite
        .request(Method::POST, "/__clerk/v1/dev_browser")
        .header("clerk-proxy-url", "http://localhost:3000/__clerk");
    Answer::of(proxied).await.ok();
    for _ in 0..2 {
        assert_eq!(azp().await, "http://localhost:3000");
        suite.post("/reset", Value::Null).await;
    }
}

#[tokio::test]
async fn makes_tokens_of_any_lifetime_with_and_without_azp() {
    let app = "http://localhost:3000".parse().unwrap();
    let suite = Suite::with(LocalClerk::builder().seed_str(SEED).app_url(app)).await;
    let ada = suite.clerk.session_of("ada@example.com").await.unwrap();
    let make = async |fields: Value| {
        let mut body = json!({ "session_id": ada.session_id() });
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let token = suite.post("/tokens", body).await;
        claims(token["jwt"].as_str().unwrap())
    };
    let now = real_now();
    let seconds = |claims: &Value, name: &str| claims[name].as_i64().unwrap() - now;
    let expired = make(json!({ "expires_in": -60 })).await;
    assert!((-60..=-55).contains(&seconds(&expired, "exp")));
    assert!((-120..=-115).contains(&seconds(&expired, "iat")));
    let long = make(json!({ "expires_in": 86_400 })).await;
    assert!((86_400..=86_405).contains(&seconds(&long, "exp")) && (0..=5).contains(&seconds(&long, "iat")));
    assert_eq!(long["azp"], "http://localhost:3000");
    assert_eq!(long["sid"], ada.session_id());
    let usual = make(json!({})).await;
    assert!((60..=65).contains(&seconds(&usual, "exp")));
    assert!(make(json!({ "azp": null })).await.get("azp").is_none());
    assert_eq!(
        make(json!({ "azp": "https://other.example" })).await["azp"],
        "https://other.example"
    );

    // Those that the app's server asks for have none either, as at Clerk.
    let path = format!("/v1/sessions/{}/tokens", ada.session_id());
    let token = suite.backend(Method::POST, &path, json!({})).await.ok();
    assert!(claims(token["jwt"].as_str().unwrap()).get("azp").is_none());

    let revoke = format!("/v1/sessions/{}/revoke", ada.session_id());
    suite.backend(Method::POST, &revoke, Value::Null).await.ok();
    make(json!({})).await;
    let refused: [(Value, (u16, &str, &str)); 3] = [
        (
            json!({ "session_id": "sess_none" }),
            (404, "resource_not_found", ""),
        ),
        (json!({}), (422, "form_param_missing", "session_id")),
        (
            json!({ "session_id": "sess_none", "expires_in": 315_360_001 }),
            (422, "form_param_value_invalid", "expires_in"),
        ),
    ];
    for (body, error) in refused {
        let answer: Answer = suite.control(Method::POST, "/tokens", body).await;
        assert_eq!(answer.error(), error);
    }
}

#[tokio::test]
async fn the_lifetime_of_all_tokens_is_a_setting() {
    let suite = Suite::start().await;
    suite
        .control(Method::PATCH, "/settings", json!({ "token_lifetime": 5 }))
        .await
        .ok();
    let ada = suite.clerk.session_of("ada@example.com").await.unwrap();
    let token = claims(ada.bearer_token());
    assert_eq!(token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap(), 5);
}

/// An app that refuses webhooks, and the time in the signature of each.
async fn refusing_app() -> (String, mpsc::UnboundedReceiver<i64>) {
    let (attempts, received) = mpsc::unbounded_channel();
    let refuse = async move |headers: axum::http::HeaderMap| {
        let sent: i64 = headers["svix-timestamp"].to_str().unwrap().parse().unwrap();
        attempts.send(sent).unwrap();
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(refuse))).await });
    (url, received)
}

#[tokio::test]
async fn webhooks_are_repeated_when_the_clock_says_so() {
    let (url, mut received) = refusing_app().await;
    let webhook_url = url.parse().unwrap();
    let suite = Suite::with(LocalClerk::builder().seed_str(SEED).webhook_url(webhook_url)).await;
    suite.create_user("bob@example.com").await;
    for pause in ["6s", "6m", "31m", "121m", "301m", "601m", "601m"] {
        let sent = received.recv().await.unwrap();
        assert!(
            (real_now() - 5..=real_now()).contains(&sent),
            "receivers refuse another time"
        );
        advance(&suite, pause).await;
    }
    received.recv().await.unwrap();
}
