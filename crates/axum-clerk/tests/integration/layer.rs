//! `ClerkLayer`: authentication, handshakes and headers, on a plain tower service.

use std::convert::Infallible;

use axum::body::Bytes;
use axum_clerk::{Auth, Clerk, ClerkLayer, Options, Redirect, clerk_auth::ClientOptions};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, Response, StatusCode, header::CACHE_CONTROL};
use http_body_util::Full;
use tower::{Layer, service_fn};

use crate::support::{Token, clerk, document, get, header, send, signed_in, who_am_i};

#[tokio::test]
async fn a_session_cookie_signs_in() {
    let service = ClerkLayer::new(clerk()).layer(service_fn(who_am_i));
    let response = send(service, signed_in(get("/"), &Token::new("user_1", "sess_1"))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), "user_1");
    assert_eq!(header(&response, "x-clerk-auth-status"), "signed-in");
    assert_eq!(header(&response, "cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_bearer_token_signs_in() {
    let service = ClerkLayer::new(clerk()).layer(service_fn(who_am_i));
    let mut request = get("/");
    let bearer = format!("Bearer {}", Token::new("user_1", "sess_1").sign());
    request
        .headers_mut()
        .insert("authorization", bearer.parse().unwrap());
    let response = send(service, request).await;
    assert_eq!(response.body(), "user_1");
}

#[tokio::test]
async fn a_request_without_credentials_is_signed_out_and_goes_on() {
    let service = ClerkLayer::new(clerk()).layer(service_fn(who_am_i));
    let response = send(service, get("/")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), "signed out");
    assert_eq!(header(&response, "x-clerk-auth-status"), "signed-out");
    assert_eq!(
        header(&response, "x-clerk-auth-reason"),
        "session-token-and-uat-missing"
    );
    assert_eq!(header(&response, "cache-control"), "private, no-store");
}

#[tokio::test]
async fn an_expired_session_of_a_page_is_redirected_to_a_handshake() {
    let never_called = service_fn(
        async |_: Request<()>| -> Result<Response<Full<Bytes>>, Infallible> {
            panic!("the handler must not run")
        },
    );
    let service = ClerkLayer::new(clerk()).layer(never_called);
    let token = Token::new("user_1", "sess_1").expired();
    let response = send(service, document(signed_in(get("/plans"), &token))).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    let location = header(&response, "location");
    assert!(
        location.starts_with("https://clerk.app.example/v1/client/handshake?"),
        "{location}"
    );
    assert_eq!(header(&response, "x-clerk-auth-status"), "handshake");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.body(), "");
}

#[tokio::test]
async fn a_development_instance_starts_with_a_handshake() {
    let publishable_key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
    let clerk = Clerk::new(Options::new(publishable_key, "sk_test_secret")).unwrap();
    let service = ClerkLayer::new(clerk).layer(service_fn(who_am_i));
    let response = send(service, document(get("/"))).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&response, "x-clerk-auth-reason"), "dev-browser-missing");
}

#[tokio::test]
async fn the_request_carries_what_handlers_need() {
    let inspect = service_fn(async |request: Request<()>| {
        let extensions = request.extensions();
        assert!(extensions.get::<Auth>().is_some());
        assert!(extensions.get::<Redirect>().is_some());
        assert!(extensions.get::<Clerk>().is_some());
        assert!(extensions.get::<std::sync::Arc<ClientOptions>>().is_some());
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let response = send(ClerkLayer::new(clerk()).layer(inspect), get("/")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn cache_control_of_a_handler_stays_if_it_is_strict_enough() {
    for (set, sent) in [
        ("no-store", "no-store"),
        ("no-store, max-age=0", "no-store, max-age=0"),
        ("private, max-age=60", "private, no-store"),
        ("public, max-age=3600", "private, no-store"),
    ] {
        let handler = service_fn(move |_: Request<()>| async move {
            let response = Response::builder().header(CACHE_CONTROL, set);
            Ok::<_, Infallible>(response.body(Full::<Bytes>::default()).unwrap())
        });
        let response = send(ClerkLayer::new(clerk()).layer(handler), get("/")).await;
        assert_eq!(header(&response, "cache-control"), sent, "{set}");
    }
}

#[tokio::test]
async fn the_cookies_of_a_handler_are_kept() {
    let handler = service_fn(async |_: Request<()>| {
        let response = Response::builder()
            .header("set-cookie", "a=1")
            .header("set-cookie", "b=2");
        Ok::<_, Infallible>(response.body(Full::<Bytes>::default()).unwrap())
    });
    let response = send(ClerkLayer::new(clerk()).layer(handler), get("/")).await;
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[tokio::test]
async fn a_failing_service_fails_with_its_own_error() {
    let failing = service_fn(async |_: Request<()>| Err::<Response<Full<Bytes>>, _>("broken"));
    let service = ClerkLayer::new(clerk()).layer(failing);
    let error = tower::ServiceExt::oneshot(service, get("/")).await.unwrap_err();
    assert_eq!(error, "broken");
}
