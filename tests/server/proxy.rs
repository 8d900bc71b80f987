use axum::http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use tokio::net::TcpListener;

use crate::support::TestApp;

#[tokio::test]
async fn requests_reach_the_frontend_api_with_the_headers_it_needs() {
    let app = TestApp::start().await;
    let reply = app
        .request(
            Method::POST,
            "/__clerk/v1/client?_method=PATCH&__clerk_api_version=2026-05-12",
        )
        .header("x-forwarded-host", "app.example")
        .header("x-real-ip", "203.0.113.7")
        .header("connection", "keep-alive, x-hop")
        .header("x-hop", "not for Clerk")
        .header("accept-encoding", "gzip")
        .cookies("__client=token")
        .body("a=b")
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let received = reply.json();
    assert_eq!(received["method"], "POST");
    assert_eq!(
        received["path"],
        "/fapi/v1/client?_method=PATCH&__clerk_api_version=2026-05-12"
    );
    assert_eq!(received["body"], "a=b");
    let headers = &received["headers"];
    assert_eq!(headers["clerk-proxy-url"], "https://app.example/__clerk");
    assert_eq!(headers["clerk-secret-key"], "sk_live_secretsecretsecret");
    assert_eq!(headers["x-forwarded-for"], "203.0.113.7");
    assert_eq!(headers["accept-encoding"], "identity");
    assert_eq!(headers["cookie"], "__client=token");
    assert_eq!(headers["host"], app.clerk.url().trim_start_matches("http://"));
    assert!(headers.get("x-hop").is_none(), "{headers}");
}

#[tokio::test]
async fn every_cookie_of_the_frontend_api_is_passed_on() {
    let app = TestApp::start().await;
    let reply = app.get("/__clerk/v1/cookies").send().await;
    let cookies: Vec<_> = reply.headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cookies, ["__client=one", "__client_uat=2"]);
}

#[tokio::test]
async fn redirects_of_the_frontend_api_lead_back_through_the_proxy() {
    let app = TestApp::start().await;
    let reply = app
        .get("/__clerk/v1/moved")
        .header("x-forwarded-host", "app.example")
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::FOUND);
    assert!(
        reply
            .header("location")
            .starts_with("https://app.example/__clerk/"),
        "{}",
        reply.header("location")
    );
}

#[tokio::test]
async fn the_proxy_needs_no_authentication_and_sets_none_of_the_apps_headers() {
    let app = TestApp::start().await;
    let reply = app
        .get("/__clerk/v1/environment")
        .cookies("__session=garbage; __client_uat=1")
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    for name in [
        "x-clerk-auth-status",
        "content-security-policy",
        "x-frame-options",
    ] {
        assert!(!reply.headers.contains_key(name), "{name}");
    }
    assert_eq!(reply.session_cookie(), None);
}

#[tokio::test]
async fn an_unreachable_frontend_api_is_a_502() {
    // Bound and released, so nothing listens on it.
    let unused = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let app = TestApp::with(&[("CLERK_FAPI_URL", &format!("http://{unused}"))]).await;
    let reply = app.get("/__clerk/v1/client").send().await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY);
    assert_eq!(reply.json()["errors"][0]["code"], "proxy_request_failed");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn without_a_proxy_url_there_is_no_proxy() {
    let app = TestApp::with(&[("CLERK_PROXY_URL", "")]).await;
    let reply = app.get("/__clerk/v1/client").send().await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_paths_are_not_proxied() {
    let app = TestApp::start().await;
    let reply = app.get("/__clerk-admin").document().send().await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(reply.headers.contains_key("x-clerk-auth-status"));
}

#[tokio::test]
async fn compression_does_not_delay_a_stream() {
    let app = TestApp::start().await;
    let mut response = app
        .get("/__clerk/v1/endless")
        .header("accept-encoding", "gzip")
        .send_for_stream()
        .await;
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
    // Never arrives if the encoder waits for more input.
    let frame = response.body_mut().frame().await.unwrap().unwrap();
    assert!(!frame.into_data().unwrap().is_empty());
}
