use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use tokio::{net::TcpListener, time::timeout};

use crate::support::TestApp;

const SHORT: Duration = Duration::from_millis(200);

/// Longer than any limit that a test sets.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn requests_reach_the_frontend_api_with_the_headers_it_needs() {
    let app = TestApp::start().await;
    let reply = app
        .request(
            Method::POST,
            "/__clerk/v1/client?_method=PATCH&__clerk_api_version=2026-05-12",
        )
        .header("x-forwarded-host", "app.example")
        .header("x-forwarded-for", "203.0.113.7")
        // Of a client whose proxy does not know these headers.
        .header("x-real-ip", "192.0.2.1")
        .header("cf-connecting-ip", "192.0.2.1")
        .header("connection", "keep-alive, x-hop")
        .header("x-hop", "not for Clerk")
        .header("accept-encoding", "gzip")
        .cookies("app_session=secret; __client=token; theme=dark")
        .cookies("other=secret")
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
    for name in ["x-hop", "x-real-ip", "cf-connecting-ip"] {
        assert!(headers.get(name).is_none(), "{headers}");
    }
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
    // A path, because an origin would depend on headers.
    assert_eq!(reply.header("location"), "/__clerk/fapi/v1/elsewhere?a=b");
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
async fn every_response_of_the_proxy_has_the_headers_that_protect_the_origin() {
    for (app_url, hsts) in [
        ("https://app.example", "max-age=63072000; includeSubDomains"),
        ("http://localhost:5001", ""),
    ] {
        let app = TestApp::with(&[("APP_URL", app_url)]).await;
        for path in [
            "/__clerk",
            "/__clerk/v1/cookies",
            "/__clerk/v1/moved",
            "/__clerk/../x",
        ] {
            let reply = app.get(path).send().await;
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("strict-transport-security"), hsts, "{path}");
        }
    }
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

#[tokio::test]
async fn a_frontend_api_that_does_not_answer_in_time_is_a_504() {
    let app = TestApp::with_limits(&[], |limits| limits.upstream = SHORT).await;
    let reply = app.post("/__clerk/v1/silent").body("a=b").send().await;
    assert_eq!(reply.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(reply.json()["errors"][0]["code"], "proxy_request_failed");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_frontend_api_that_stops_in_a_response_ends_it() {
    let app = TestApp::with_limits(&[], |limits| limits.upstream = SHORT).await;
    for coding in ["identity", "gzip"] {
        let response = app
            .get("/__clerk/v1/endless")
            .header("accept-encoding", coding)
            .send_for_stream()
            .await;
        let body = timeout(PATIENCE, response.into_body().collect()).await;
        body.expect("it ends").expect_err("it is incomplete");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_for_the_frontend_api_is_refused() {
    let app = TestApp::start().await;
    let body = vec![b'a'; 13 * 1024 * 1024];
    let reply = app
        .post("/__clerk/v1/me/profile_image")
        .header("content-length", body.len().to_string())
        .body(body)
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}
