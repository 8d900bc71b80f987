use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Suite};

async fn users(suite: &Suite) -> Answer {
    suite.backend(Method::GET, "/v1/users", Value::Null).await
}

#[tokio::test]
async fn a_fault_applies_as_often_as_it_says() {
    let suite = Suite::start().await;
    let fault = json!({ "method": "GET", "path": "/v1/users", "status": 429, "retry_after": 7, "count": 2 });
    let made = suite.control(Method::POST, "/faults", fault).await;
    assert_eq!(made.status, 201);
    let id = made.body["id"].clone();
    for left in [json!([1]), json!([])] {
        let answer = users(&suite).await;
        assert_eq!(answer.error(), (429, "too_many_requests", ""));
        assert_eq!(answer.headers["retry-after"], "7");
        let faults = suite.get("/faults").await;
        let counts: Vec<&Value> = faults["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| &fault["count"])
            .collect();
        assert_eq!(json!(counts), left);
        // Another method is not concerned.
        assert_eq!(
            suite.backend(Method::POST, "/v1/users", json!({})).await.status,
            422
        );
    }
    users(&suite).await.ok();
    let failed = suite.get("/requests?path=/v1/users&status=429").await;
    assert_eq!(failed["total_count"], 2);
    assert_eq!(failed["data"][0]["fault"], id);
}

#[tokio::test]
async fn a_request_may_have_its_effect_and_lose_its_reply() {
    let suite = Suite::start().await;
    let user = json!({ "email_address": ["bob@example.com"] });
    let fault = json!({ "path": "/v1/users", "method": "POST", "status": 503, "count": 1 });
    suite.post("/faults", fault.clone()).await;
    assert_eq!(
        suite
            .backend(Method::POST, "/v1/users", user.clone())
            .await
            .error()
            .0,
        503
    );
    assert_eq!(
        suite.addresses().await.len(),
        1,
        "without `after`, nothing is done"
    );
    let mut after = fault;
    after["after"] = json!(true);
    suite.post("/faults", after).await;
    assert_eq!(
        suite
            .backend(Method::POST, "/v1/users", user.clone())
            .await
            .error()
            .0,
        503
    );
    assert_eq!(suite.addresses().await.len(), 2);
    assert_eq!(
        suite.backend(Method::POST, "/v1/users", user).await.error().1,
        "form_identifier_exists"
    );
}

#[tokio::test]
async fn paths_are_those_of_the_reference_or_end_in_an_asterisk() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    let session = browser.sessions().await[0]["id"].as_str().unwrap().to_owned();
    let tokens = format!("/v1/client/sessions/{session}/tokens");
    suite
        .post(
            "/faults",
            json!({ "path": "/v1/client/sessions/{id}/tokens", "status": 500 }),
        )
        .await;
    assert_eq!(
        browser.post(&tokens, &[]).await.error(),
        (500, "internal_clerk_error", "")
    );
    browser.get("/v1/client").await.ok();
    // The paths `/v1/users/count` and `/v1/users/{id}` are different endpoints.
    suite
        .post("/faults", json!({ "path": "/v1/users/{id}", "status": 500 }))
        .await;
    suite
        .backend(Method::GET, "/v1/users/count", Value::Null)
        .await
        .ok();
    assert_eq!(
        suite
            .backend(Method::GET, "/v1/users/user_1", Value::Null)
            .await
            .status,
        500
    );
    suite.control(Method::DELETE, "/faults", Value::Null).await.ok();
    browser.post(&tokens, &[]).await.ok();

    suite
        .post(
            "/faults",
            json!({ "api": "backend", "path": "/v1/*", "status": 502 }),
        )
        .await;
    assert_eq!(users(&suite).await.status, 502);
    browser.get("/v1/client").await.ok();
    suite.get("/health").await;
    suite.control(Method::DELETE, "/faults", Value::Null).await.ok();
    suite
        .post(
            "/faults",
            json!({ "api": "frontend", "path": "/npm/*", "status": 404 }),
        )
        .await;
    let script = browser.get("/npm/@clerk/clerk-js@6/dist/clerk.browser.js").await;
    assert_eq!(script.error().0, 404);
    users(&suite).await.ok();
}

#[tokio::test]
async fn the_body_is_that_of_the_fault_and_pages_of_the_app_can_read_it() {
    let suite = Suite::start().await;
    let browser = suite.browser().await;
    let body = json!({ "errors": [{ "code": "own", "message": "Own", "long_message": "Own" }] });
    suite
        .post(
            "/faults",
            json!({ "path": "/v1/client", "status": 403, "body": body }),
        )
        .await;
    let request = browser
        .request(Method::GET, "/v1/client")
        .header("origin", "http://localhost:3000");
    let answer = Answer::of(request).await;
    assert_eq!((answer.status, &answer.body), (403, &body));
    assert_eq!(
        answer.headers["access-control-allow-origin"],
        "http://localhost:3000"
    );
}

#[tokio::test]
async fn a_delay_lets_a_request_take_longer() {
    let suite = Suite::start().await;
    let made = suite
        .post("/faults", json!({ "path": "/v1/users", "delay_ms": 300 }))
        .await;
    let delete = format!("/faults/{}", made["id"].as_str().unwrap());
    let started = Instant::now();
    users(&suite).await.ok();
    assert!(started.elapsed() >= Duration::from_millis(300));
    let gone = suite.control(Method::DELETE, &delete, Value::Null).await.ok();
    assert_eq!(gone, json!({ "deleted": 1 }));
    assert_eq!(
        suite
            .control(Method::DELETE, &delete, Value::Null)
            .await
            .error()
            .0,
        404
    );
    assert_eq!(suite.get("/faults").await["total_count"], 0);
}

#[tokio::test]
async fn mistakes_are_refused() {
    let suite = Suite::start().await;
    for (fault, code, param) in [
        (
            json!({ "path": "/v1/user", "status": 500 }),
            "form_param_value_invalid",
            "path",
        ),
        (
            json!({ "path": "/v1/users", "method": "PUT", "status": 500 }),
            "form_param_value_invalid",
            "path",
        ),
        (
            json!({ "path": "/v1/users", "api": "frontend", "status": 500 }),
            "form_param_value_invalid",
            "path",
        ),
        (
            json!({ "path": "/v1/*", "method": "get", "status": 500 }),
            "form_param_value_invalid",
            "method",
        ),
        (
            json!({ "path": "/v1/*", "status": 200 }),
            "form_param_value_invalid",
            "status",
        ),
        (
            json!({ "path": "/v1/*", "status": 65536 }),
            "form_param_value_invalid",
            "status",
        ),
        (
            json!({ "path": "/v1/*", "status": 500, "count": 0 }),
            "form_param_value_invalid",
            "count",
        ),
        (
            json!({ "path": "/v1/*", "status": 500, "count": 1.5 }),
            "form_param_value_invalid",
            "count",
        ),
        (
            json!({ "path": "/v1/*", "delay_ms": 600_001 }),
            "form_param_value_invalid",
            "delay_ms",
        ),
        (
            json!({ "path": "/v1/*", "delay_ms": 1, "after": true }),
            "form_param_missing",
            "status",
        ),
        (json!({ "path": "/v1/*" }), "form_param_missing", "status"),
        (json!({ "status": 500 }), "form_param_missing", "path"),
    ] {
        let answer = suite.control(Method::POST, "/faults", fault.clone()).await;
        assert_eq!(answer.error(), (422, code, param), "{fault}");
    }
    assert_eq!(suite.get("/faults").await["total_count"], 0);
}

#[tokio::test]
async fn a_delayed_request_does_not_delay_the_end() {
    let suite = Suite::start().await;
    suite
        .post("/faults", json!({ "path": "/v1/jwks", "delay_ms": 600_000 }))
        .await;
    let request = suite.request(Method::GET, "/v1/jwks");
    let delayed = tokio::spawn(request.bearer_auth(suite.clerk.keys().secret_key()).send());
    suite.get("/health").await;
    let stopped = tokio::time::timeout(Duration::from_secs(30), suite.clerk.shutdown()).await;
    assert!(stopped.is_ok());
    // It was answered, or had not been accepted yet.
    if let Ok(answer) = delayed.await.unwrap() {
        assert_eq!(answer.status(), 200);
    }
}
