//! `CurrentUser`: from the extensions, from the Backend API, and from a cache.

use std::time::Duration;

use axum::{Extension, Router, body::Body, routing::get as route_get};
use axum_clerk::{ClerkLayer, CurrentUser, User, UserCache};
use http::StatusCode;

use crate::support::{BackendStub, Token, error_code, get, header, send, signed_in};

fn routes() -> Router {
    Router::new().route(
        "/",
        route_get(async |CurrentUser(user): CurrentUser| {
            user.map_or("nobody".to_owned(), |user| user.display_name())
        }),
    )
}

fn request() -> http::Request<Body> {
    signed_in(get("/"), &Token::new("user_1", "sess_1"))
}

#[tokio::test]
async fn the_user_is_fetched_for_each_request_unless_the_request_has_it_or_a_cache_does() {
    let stub = BackendStub::start().await;
    let app = routes().layer(ClerkLayer::new(stub.clerk()));
    for calls in 1..=2 {
        assert_eq!(send(app.clone(), request()).await.body(), "Ada");
        assert_eq!(stub.calls(), calls);
    }

    let clerk = stub.clerk();
    let users = UserCache::new(clerk.clone()).max_age(Duration::from_secs(60));
    let cached = routes().layer(ClerkLayer::new(clerk).users(users));
    for _ in 0..3 {
        assert_eq!(send(cached.clone(), request()).await.body(), "Ada");
        assert_eq!(stub.calls(), 3);
    }

    let known = User {
        first_name: Some("Grace".to_owned()),
        ..User::default()
    };
    let app = routes()
        .layer(Extension(known))
        .layer(ClerkLayer::new(stub.clerk()));
    assert_eq!(send(app, request()).await.body(), "Grace");
    assert_eq!(stub.calls(), 3);
}

#[tokio::test]
async fn nobody_has_no_user_and_an_unavailable_backend_api_is_a_503() {
    let stub = BackendStub::start().await;
    let app = routes().layer(ClerkLayer::new(stub.clerk()));
    assert_eq!(send(app.clone(), get::<Body>("/")).await.body(), "nobody");
    assert_eq!(stub.calls(), 0);

    stub.answer_with(StatusCode::NOT_FOUND);
    assert_eq!(send(app.clone(), request()).await.body(), "nobody");

    stub.answer_with(StatusCode::SERVICE_UNAVAILABLE);
    stub.ask_to_retry_after("7");
    let response = send(app, request()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&response, "retry-after"), "7");
    assert_eq!(error_code(&response), "authentication_unavailable");
}

#[tokio::test]
async fn a_missing_layer_is_an_error_of_the_server() {
    let response = send(routes(), request()).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(error_code(&response), "missing_clerk_layer");
}
