use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Suite};

#[tokio::test]
async fn tells_that_it_is_ready() {
    let suite = Suite::start().await;
    let health = suite.get("/health").await;
    assert_eq!(
        health,
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })
    );
}

/// The operations of the description: method, path and operation.
async fn operations(suite: &Suite) -> Vec<(Method, String, Value)> {
    let description = suite.get("/openapi.json").await;
    let paths = description["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap().clone();
        item.into_iter()
            .map(move |(method, operation)| (method.to_uppercase().parse().unwrap(), path.clone(), operation))
    });
    operations.collect()
}

#[tokio::test]
async fn every_described_operation_answers_and_refuses_what_it_does_not_know() {
    let suite = Suite::start().await;
    let operations = operations(&suite).await;
    assert!(operations.len() > 10);
    let ids: BTreeSet<&str> = operations
        .iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations.len(), "the names are unique");
    for (method, path, _) in operations {
        let path = path
            .strip_prefix("/_emulate")
            .unwrap()
            .replace("{id}", "none")
            .replace("{name}", "none");
        let misspelt = suite
            .control(method.clone(), &format!("{path}?misspelt=1"), Value::Null)
            .await;
        assert_eq!(
            misspelt.error(),
            (422, "form_param_unknown", "misspelt"),
            "{method} {path}"
        );
        if method == Method::POST || method == Method::PATCH {
            let misspelt = suite
                .control(method.clone(), &path, json!({ "misspelt": 1 }))
                .await;
            let (status, code, param) = misspelt.error();
            assert_eq!(status, 422, "{method} {path}");
            // A JSON object is not TOML.
            if path != "/seed" {
                assert_eq!(
                    (code, param),
                    ("form_param_unknown", "misspelt"),
                    "{method} {path}"
                );
            }
        }
    }
    assert_eq!(
        suite
            .control(Method::GET, "/nothing", Value::Null)
            .await
            .error()
            .0,
        404
    );
    assert_eq!(
        suite
            .control(Method::DELETE, "/reset", Value::Null)
            .await
            .error()
            .0,
        405
    );
}

#[tokio::test]
async fn malformed_bodies_are_named() {
    let suite = Suite::start().await;
    let send = |body: &'static str| {
        let request = suite.request(Method::POST, "/_emulate/clock").body(body);
        Answer::of(request)
    };
    assert_eq!(send("{").await.error(), (400, "request_body_invalid", ""));
    assert_eq!(send("[]").await.error(), (400, "request_body_invalid", ""));
    assert_eq!(send("").await.error(), (422, "form_param_missing", "advance"));
    assert_eq!(
        send(r#"{"advance": 8}"#).await.error(),
        (422, "form_param_value_invalid", "advance")
    );
    // The content type does not matter, as for a command line that sets none.
    let form = suite.request(Method::POST, "/_emulate/clock");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    Answer::of(form.body(r#"{"advance": "1s"}"#)).await.ok();
}

#[tokio::test]
async fn pages_of_strangers_are_refused() {
    let suite = Suite::start().await;
    let reset = || suite.request(Method::POST, "/_emulate/reset");
    suite.create_user("bob@example.com").await;
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "file://",
    ] {
        let answer = Answer::of(reset().header("origin", origin)).await;
        assert_eq!(answer.error(), (403, "origin_invalid", ""), "{origin}");
    }
    let two = reset()
        .header("origin", "http://localhost:3000")
        .header("origin", "https://evil.example");
    assert_eq!(Answer::of(two).await.status, 403);
    // DNS rebinding.
    let rebound = Answer::of(reset().header("host", "evil.example")).await;
    assert_eq!(rebound.error(), (403, "host_invalid", ""));
    assert_eq!(suite.addresses().await.len(), 2, "nothing was reset");
    Answer::of(reset().header("origin", "http://localhost:3000"))
        .await
        .ok();
    assert_eq!(suite.addresses().await.len(), 1);
}
