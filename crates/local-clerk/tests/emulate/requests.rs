use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::Suite;

#[tokio::test]
async fn lists_what_was_asked_without_secrets() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    let id = suite.create_user("bob@example.com").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    suite
        .backend(Method::GET, &format!("/v1/users/{id}"), Value::Null)
        .await
        .ok();
    suite
        .backend(Method::GET, "/v1/users/user_none?limit=1", Value::Null)
        .await;

    let all = suite.get("/requests").await;
    let latest = &all["data"][0];
    assert_eq!(latest["method"], "GET");
    assert_eq!(
        (&latest["api"], &latest["path"]),
        (&json!("backend"), &json!("/v1/users/user_none"))
    );
    assert_eq!(
        (&latest["route"], &latest["query"]),
        (&json!("/v1/users/{id}"), &json!("limit=1"))
    );
    assert_eq!((&latest["status"], &latest["fault"]), (&json!(404), &Value::Null));
    let text = all.to_string();
    assert!(
        text.contains("__clerk_db_jwt") && !text.contains(&browser.token),
        "{text}"
    );
    assert!(!text.contains("correct horse") && !text.contains(suite.clerk.keys().secret_key()));
    assert!(!text.contains("_emulate"), "only the two APIs are logged");

    for (query, count) in [
        ("path=/v1/users/{id}", 2),
        ("path=/v1/users/user_none", 1),
        ("path=/v1/users*", 3),
        ("path=/v1/users/{id}&status=404", 1),
        ("path=/v1/client/sign_ins&status=200", 1),
        ("status=500", 0),
    ] {
        let found = suite.get(&format!("/requests?{query}")).await;
        assert_eq!(found["total_count"], count, "{query}");
    }
    let wrong = suite
        .control(Method::GET, "/requests?status=ok", Value::Null)
        .await;
    assert_eq!(wrong.error(), (422, "form_param_value_invalid", "status"));
}

/// Sends a request that is answered only after a second, and returns as soon as it is in progress.
async fn slow_request(suite: &Suite) -> JoinHandle<u16> {
    let fault = json!({ "path": "/v1/users", "delay_ms": 1000, "count": 1 });
    suite.post("/faults", fault).await;
    let request = suite.request(Method::GET, "/v1/users");
    let request = request.bearer_auth(suite.clerk.keys().secret_key());
    let reply = tokio::spawn(async { request.send().await.unwrap().status().as_u16() });
    while suite.get("/faults").await["total_count"] != 0 {
        tokio::task::yield_now().await;
    }
    reply
}

#[tokio::test]
async fn requests_are_in_the_order_in_which_they_began() {
    let suite = Suite::start().await;
    let slow = slow_request(&suite).await;
    suite
        .backend(Method::GET, "/v1/users/count", Value::Null)
        .await
        .ok();
    assert_eq!(slow.await.unwrap(), 200);
    let requests = suite.get("/requests").await;
    let paths = requests["data"].as_array().unwrap().iter();
    let paths: Vec<_> = paths.map(|entry| entry["path"].clone()).collect();
    assert_eq!(paths, ["/v1/users/count", "/v1/users"]);
}

#[tokio::test]
async fn a_request_before_a_reset_is_not_in_the_list_after_it() {
    let suite = Suite::start().await;
    let slow = slow_request(&suite).await;
    suite.post("/reset", Value::Null).await;
    assert_eq!(slow.await.unwrap(), 200);
    assert_eq!(suite.get("/requests").await["total_count"], 0);
}

#[tokio::test]
async fn secrets_in_addresses_are_redacted_too() {
    let suite = Suite::start().await;
    let browser = suite.browser().await;
    let path = "/v1/client/handshake?format=nonce&redirect_url=http%3A%2F%2Flocalhost%3A3000%2F%3F__clerk_ticket%3Ddisclosed";
    browser.get(path).await;
    let text = suite.get("/requests?path=/v1/client/handshake").await.to_string();
    assert!(
        text.contains("localhost%3A3000") && !text.contains("disclosed"),
        "{text}"
    );
}

#[tokio::test]
async fn keeps_the_last_thousand() {
    let suite = Suite::start().await;
    for number in 0..1003 {
        suite
            .request(Method::GET, &format!("/v1/nothing/{number}"))
            .send()
            .await
            .unwrap();
    }
    let all = suite.get("/requests").await;
    assert_eq!(all["total_count"], 1000);
    assert_eq!(all["data"][999]["path"], "/v1/nothing/3");
}

#[tokio::test]
async fn lists_what_does_not_exist() {
    let suite = Suite::start().await;
    for id in ["saml_1", "saml_2"] {
        let path = format!("/v1/saml_connections/{id}");
        assert_eq!(
            suite.backend(Method::GET, &path, Value::Null).await.error().0,
            404
        );
    }
    suite.backend(Method::GET, "/v1/no_such_thing", Value::Null).await;
    // An endpoint that exists, but not with this method.
    assert_eq!(
        suite
            .backend(Method::PUT, "/v1/jwks", Value::Null)
            .await
            .error()
            .0,
        405
    );
    // Neither a missing user nor a fault is an unknown endpoint.
    suite
        .backend(Method::GET, "/v1/users/user_none", Value::Null)
        .await;
    suite
        .post("/faults", json!({ "path": "/v1/domains*", "status": 405 }))
        .await;
    suite.backend(Method::GET, "/v1/domains", Value::Null).await;
    suite.browser().await.get("/v1/me/passkeys").await;

    let unknown = suite.get("/unknown").await;
    let entry = |api: &str, method: &str, path: &str, count: u64, in_contract: bool| json!({ "api": api, "method": method, "path": path, "count": count, "in_contract": in_contract });
    assert_eq!(
        unknown["data"],
        json!([
            entry("frontend", "GET", "/v1/me/passkeys", 1, false),
            entry("backend", "PUT", "/v1/jwks", 1, false),
            entry("backend", "GET", "/v1/no_such_thing", 1, false),
            entry(
                "backend",
                "GET",
                "/v1/saml_connections/{saml_connection_id}",
                2,
                true
            ),
        ])
    );
}
