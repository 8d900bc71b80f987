//! Limits on attempts, lifetimes and sizes.

use axum::{body::Body, extract::Request};
use http::{Method, header};
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD};
use crate::{Instance, http::BODY_LIMIT};

const CODE: [(&str, &str); 2] = [("strategy", "email_code"), ("code", "424242")];
const WRONG: [(&str, &str); 2] = [("strategy", "email_code"), ("code", "000000")];

/// Sets a time of all documents of a kind to the past, such as the time at which they expire.
async fn age(local: &Local, kind: &'static str, field: &'static str) {
    local
        .shared
        .connection
        .call(move |connection| {
            let sql = format!(
                "UPDATE documents SET body = json_set(body, '$.{field}', 1) \
                 WHERE kind = '{kind}' AND json_extract(body, '$.{field}') IS NOT NULL"
            );
            connection.execute(&sql, [])
        })
        .await
        .unwrap();
}

async fn sign_up(browser: &mut Browser<'_>) -> String {
    let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ups/{}",
        started["response"]["id"].as_str().unwrap()
    );
    prepare(browser, &path, "prepare_verification").await;
    path
}

async fn sign_in(browser: &mut Browser<'_>) -> String {
    let fields = [("identifier", "jane@example.com")];
    let started = browser.post("/v1/client/sign_ins", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ins/{}",
        started["response"]["id"].as_str().unwrap()
    );
    prepare(browser, &path, "prepare_first_factor").await;
    path
}

async fn prepare(browser: &mut Browser<'_>, path: &str, step: &str) {
    browser.post(&format!("{path}/{step}"), &CODE[..1]).await.ok();
}

/// Tries wrong codes until not even the right one is accepted.
async fn use_up(browser: &mut Browser<'_>, attempt: &str) {
    for _ in 0..5 {
        assert_eq!(
            browser.post(attempt, &WRONG).await.error(),
            (422, "form_code_incorrect")
        );
    }
    assert_eq!(
        browser.post(attempt, &CODE).await.error(),
        (400, "verification_failed")
    );
}

#[tokio::test]
async fn code_allows_five_attempts() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let path = sign_up(&mut browser).await;
    let attempt = format!("{path}/attempt_verification");
    use_up(&mut browser, &attempt).await;
    let state = browser.get(&path).await.ok();
    assert_eq!(
        state["response"]["verifications"]["email_address"]["status"],
        "failed"
    );
    prepare(&mut browser, &path, "prepare_verification").await;
    browser.post(&attempt, &CODE).await.ok();

    let mut browser = local.browser().await;
    let path = sign_in(&mut browser).await;
    let attempt = format!("{path}/attempt_first_factor");
    use_up(&mut browser, &attempt).await;
    prepare(&mut browser, &path, "prepare_first_factor").await;
    browser.post(&attempt, &CODE).await.ok();
}

#[tokio::test]
async fn code_expires_after_ten_minutes() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let path = sign_up(&mut browser).await;
    age(&local, "client", "sign_up.email_verification.expire_at").await;
    let attempt = format!("{path}/attempt_verification");
    assert_eq!(
        browser.post(&attempt, &CODE).await.error(),
        (400, "verification_expired")
    );
    prepare(&mut browser, &path, "prepare_verification").await;
    browser.post(&attempt, &CODE).await.ok();

    let mut browser = local.browser().await;
    let path = sign_in(&mut browser).await;
    age(&local, "client", "sign_in.first_factor.expire_at").await;
    let late = browser.post(&format!("{path}/attempt_first_factor"), &CODE).await;
    assert_eq!(late.error(), (400, "verification_expired"));
}

#[tokio::test]
async fn attempts_expire_after_a_day() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let mut browser = local.browser().await;
    let fields = [("email_address", "joe@example.com")];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let sign_up = format!(
        "/v1/client/sign_ups/{}",
        started["response"]["id"].as_str().unwrap()
    );
    let sign_in = sign_in(&mut browser).await;
    age(&local, "client", "sign_up.abandon_at").await;
    age(&local, "client", "sign_in.abandon_at").await;
    for path in [&sign_up, &sign_in] {
        assert_eq!(browser.get(path).await.error(), (404, "resource_not_found"));
    }
    let late = browser
        .post(&format!("{sign_in}/attempt_first_factor"), &CODE)
        .await;
    assert_eq!(late.error(), (404, "resource_not_found"));
    let client = browser.get("/v1/client").await.ok();
    assert!(client["response"]["sign_in"].is_null() && client["response"]["sign_up"].is_null());
}

#[tokio::test]
async fn invitations_expire() {
    let local = Local::new(Instance::Development).await;
    let body = json!({ "email_address": "joe@example.com" });
    let invitation = local.backend(Method::POST, "/v1/invitations", &body).await.ok();
    age(&local, "invitation", "expires_at").await;
    let (_, ticket) = invitation["url"].as_str().unwrap().split_once("ticket=").unwrap();
    let fields = [("strategy", "ticket"), ("ticket", ticket)];
    let mut browser = local.browser().await;
    let late = browser.post("/v1/client/sign_ups", &fields).await;
    assert_eq!(late.error(), (400, "ticket_expired_code"));
    let path = "/v1/invitations?status=expired";
    let list = local.backend(Method::GET, path, &Value::Null).await.ok();
    assert_eq!(list[0]["id"], invitation["id"]);
    local.backend(Method::POST, "/v1/invitations", &body).await.ok();
}

#[tokio::test]
async fn failed_attempts_lock_an_account_for_an_hour() {
    let local = Local::with_seed(
        "[settings]\nlockout_attempts = 3\n\
         [[users]]\nemail_addresses = [\"jane@example.com\"]\npassword = \"correct horse battery\"\n",
    )
    .await;
    let mut browser = local.browser().await;
    let with = |password| [("identifier", "jane@example.com"), ("password", password)];
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    assert_eq!(users[0]["verification_attempts_remaining"], 3);
    for _ in 0..3 {
        let wrong = browser.post("/v1/client/sign_ins", &with("wrong password")).await;
        assert_eq!(wrong.error(), (422, "form_password_incorrect"));
    }
    let locked = browser.post("/v1/client/sign_ins", &with(PASSWORD)).await;
    assert_eq!(locked.error(), (403, "user_locked"));
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    assert_eq!(users[0]["locked"], true);
    assert!(users[0]["lockout_expires_in_seconds"].as_i64().unwrap() > 3500);
    age(&local, "user", "locked_until").await;
    browser.post("/v1/client/sign_ins", &with(PASSWORD)).await.ok();
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    assert_eq!(users[0]["verification_attempts_remaining"], 3);
}

#[tokio::test]
async fn rejects_bodies_larger_than_the_limit() {
    let local = Local::new(Instance::Development).await;
    let request = Request::post("/__clerk/v1/client/sign_ups")
        .header(header::HOST, "127.0.0.1:5002")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(vec![b'x'; BODY_LIMIT + 1])).unwrap();
    assert_eq!(local.send(request).await.error(), (413, "request_body_too_large"));
}
