use std::{collections::BTreeMap, future::IntoFuture};

use axum::{Json, Router, extract::Request, routing::any};
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::backend::fixtures::options;

/// Starts an API at `/base` that responds to every path with `status` and `body`, or with a description of
/// the request if `body` is null.
async fn api(status: u16, body: Value) -> BackendApi {
    let handler = move |request: Request| async move {
        let (parts, sent) = request.into_parts();
        let sent = sent.collect().await.unwrap().to_bytes();
        let headers: BTreeMap<_, _> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let received = json!({
            "method": parts.method.as_str(), "uri": parts.uri.to_string(), "headers": headers,
            "body": serde_json::from_slice::<Value>(&sent).unwrap_or_default(),
        });
        let body = if body.is_null() {
            json!({"cookies": [received.to_string()], "directives": [received.to_string()]})
        } else {
            body
        };
        (StatusCode::from_u16(status).unwrap(), Json(body))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = options();
    options.api_url = Url::parse(&format!("http://{}/base/", listener.local_addr().unwrap())).unwrap();
    let router: Router = Router::new().fallback(any(handler));
    tokio::spawn(axum::serve(listener, router).into_future());
    BackendApi::new(&options).unwrap()
}

fn received(set_cookies: &[String]) -> Value {
    serde_json::from_str(&set_cookies[0]).unwrap()
}

#[tokio::test]
async fn calls_are_authenticated_and_versioned() {
    let received = received(
        &api(200, Value::Null)
            .await
            .handshake_payload("a b&c")
            .await
            .unwrap(),
    );
    assert_eq!(received["method"], "GET");
    assert_eq!(
        received["uri"],
        "/base/v1/clients/handshake_payload?nonce=a+b%26c"
    );
    assert_eq!(received["headers"]["authorization"], "Bearer sk_test_deadbeef");
    assert_eq!(received["headers"]["clerk-api-version"], "2026-05-12");
    assert_eq!(received["headers"]["content-type"], "application/json");
    assert!(
        received["headers"]["user-agent"]
            .as_str()
            .unwrap()
            .starts_with("clerk-auth/")
    );
}

#[tokio::test]
async fn an_id_is_one_segment_of_the_path() {
    let api = api(404, json!({"errors": []})).await;
    for id in ["", ".", ".."] {
        assert!(matches!(api.get_user(id).await, Err(ApiError::Path)), "{id:?}");
    }
    let urls = [
        ("a/../b", "/base/v1/users/a%2F..%2Fb"),
        ("%2e%2e", "/base/v1/users/%252e%252e"),
        ("a?b", "/base/v1/users/a%3Fb"),
    ];
    for (id, path) in urls {
        let url = api.url(&["users", id]).unwrap();
        assert_eq!((url.path(), url.query()), (path, None));
    }
}

#[tokio::test]
async fn users_have_their_primary_email_address() {
    let body = json!({
        "id": "user_1", "first_name": "Ada", "last_name": null, "username": "ada", "image_url": "https://img.test/1",
        "primary_email_address_id": "idn_2",
        "email_addresses": [
            {"id": "idn_1", "email_address": "old@example.com"},
            {"id": "idn_2", "email_address": "ada@example.com"},
        ],
    });
    let user = api(200, body).await.get_user("user_1").await.unwrap();
    assert_eq!(
        (user.id.as_str(), user.first_name.as_deref(), user.last_name),
        ("user_1", Some("Ada"), None)
    );
    assert_eq!(user.email_address.as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn errors_carry_their_code() {
    let body = json!({"errors": [{"code": "resource_not_found", "message": "not found"}]});
    let error = api(404, body).await.get_user("user_1").await.unwrap_err();
    assert!(!error.is_temporary());
    assert!(matches!(error, ApiError::Status { code: Some(code), .. } if code == "resource_not_found"));
    let error = api(503, json!("a gateway's page"))
        .await
        .get_user("user_1")
        .await
        .unwrap_err();
    assert!(error.is_temporary());
    assert!(matches!(error, ApiError::Status { code: None, .. }));
}

#[tokio::test]
async fn errors_do_not_contain_the_nonce() {
    let error = BackendApi::new(&options())
        .unwrap()
        .handshake_payload("secret-nonce")
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Fetch(_)));
    assert!(!format!("{error} {error:?}").contains("secret-nonce"));
}
