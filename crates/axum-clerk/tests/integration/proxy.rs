//! `frontend_api_proxy`. Its rules are tested in `clerk-auth`.

use axum::{Router, body::Body};
use axum_clerk::frontend_api_proxy;
use http::StatusCode;
use tokio::net::TcpListener;

use crate::support::{BackendStub, error_code, get, header, options, send};

#[tokio::test]
async fn requests_reach_the_frontend_api_and_other_paths_do_not() {
    let backend = BackendStub::start().await;
    let app: Router = frontend_api_proxy(&backend.clerk()).unwrap();
    let response = send(app.clone(), get::<Body>("/__clerk/v1/environment?a=b")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), "GET /fapi/v1/environment?a=b");
    assert!(!response.headers().contains_key("x-clerk-auth-status"));

    let response = send(app, get::<Body>("/__clerk-admin")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unreachable_frontend_api_is_a_bad_gateway() {
    // Bound and released, so nothing listens on it.
    let unused = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut options = options();
    options.proxy_url = Some("/__clerk".to_owned());
    options.fapi_url = Some(format!("http://{unused}").parse().unwrap());
    let clerk = axum_clerk::Clerk::new(options).unwrap();
    let app: Router = frontend_api_proxy(&clerk).unwrap();
    let response = send(app, get::<Body>("/__clerk/v1/client")).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(error_code(&response), "proxy_request_failed");
    assert_eq!(header(&response, "cache-control"), "no-store");
}
