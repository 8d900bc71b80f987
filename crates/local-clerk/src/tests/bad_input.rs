use axum::{body::Body, extract::Request};
use http::{Method, header};
use serde_json::Value;

use super::{Answer, Local};
use crate::Instance;

async fn post(local: &Local, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path)
        .header(header::HOST, "127.0.0.1:5002")
        .header(header::CONTENT_TYPE, content_type);
    local.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn unknown_paths_and_methods_return_errors_in_clerks_shape() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for path in [
        "/v1/nothing",
        "/v1/client/sign_ups/sua_1/nothing",
        "",
        "/",
        "/%ff",
    ] {
        assert_eq!(
            browser.get(path).await.error(),
            (404, "resource_not_found"),
            "{path}"
        );
    }
    assert_eq!(
        browser.call(Method::DELETE, "/v1/environment", &[]).await.error(),
        (405, "method_not_allowed")
    );
    assert_eq!(
        browser.get("/avatars/999/J.svg").await.error(),
        (404, "resource_not_found")
    );
    assert_eq!(
        browser.get("/avatars/1/%3Cb%3E.svg").await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn unknown_ids_return_not_found() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    for path in [
        "/v1/client/sign_ups/sua_x",
        "/v1/client/sign_ins/sia_x",
        "/v1/me/email_addresses/idn_x",
    ] {
        assert_eq!(
            browser.get(path).await.error(),
            (404, "resource_not_found"),
            "{path}"
        );
    }
    assert_eq!(
        browser
            .post("/v1/client/sessions/sess_x/touch", &[])
            .await
            .error(),
        (404, "resource_not_found")
    );
    let backend = local
        .backend(Method::GET, "/v1/sessions/sess_x", &Value::Null)
        .await;
    assert_eq!(backend.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn rejects_an_unknown_dev_browser() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for unknown in [
        None,
        Some("dvb_unknown".to_owned()),
        Some("'; DROP TABLE documents; --".to_owned()),
    ] {
        browser.dev_browser = unknown;
        assert_eq!(
            browser.get("/v1/client").await.error(),
            (401, "dev_browser_unauthenticated")
        );
    }
}

#[tokio::test]
async fn malformed_bodies_return_client_errors() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let db = browser.dev_browser.clone().unwrap();
    let path = format!("/__clerk/v1/client/sign_ups?__clerk_db_jwt={db}");
    let json = "application/json";
    assert_eq!(
        post(&local, &path, json, "{").await.error(),
        (400, "request_body_invalid")
    );
    assert_eq!(
        post(&local, &path, json, "[]").await.error(),
        (400, "request_body_invalid")
    );
    let form = "application/x-www-form-urlencoded";
    let garbage = post(&local, &path, form, &b"email_address=%ff%fe\0&&&=&password"[..]).await;
    assert_eq!(garbage.error(), (422, "form_param_format_invalid"));
    assert_eq!(
        post(&local, &path, "multipart/form-data", "x").await.error(),
        (400, "request_body_invalid")
    );
    let huge = post(&local, &path, form, vec![b'a'; 11 * 1024 * 1024]).await;
    assert_eq!(huge.error(), (413, "request_body_too_large"));
    let metadata = [("email_address", "jane@example.com"), ("unsafe_metadata", "[1]")];
    let refused = browser.post("/v1/client/sign_ups", &metadata).await;
    assert_eq!(refused.error(), (422, "form_param_format_invalid"));
    let missing = browser.post("/v1/client/sign_ins", &[("password", "x")]).await;
    assert_eq!(missing.error(), (422, "form_param_missing"));
}
