//! The error hook of `ClerkLayer`.

use axum::{Router, body::Body, routing::get as route_get};
use axum_clerk::{AuthCheck, ClerkError, ClerkLayer, ProtectLayer};
use http::{Method, Request, Response, StatusCode};

use crate::support::{Token, clerk, document, error_code, get, header, send, signed_in};

fn app() -> Router {
    let render = |error: &ClerkError| {
        if !error.wants_document {
            return error.to_json();
        }
        let mut page = Response::new(format!("<h1>{}</h1>", error.code));
        *page.status_mut() = error.status;
        page
    };
    Router::new()
        .route("/admin", route_get(async || "admin"))
        .route_layer(ProtectLayer::new(AuthCheck::role("org:admin")))
        .layer(ClerkLayer::new(clerk()).on_error(render))
}

#[tokio::test]
async fn documents_get_what_the_hook_renders_and_programs_get_json() {
    let user = Token::new("user_1", "sess_1");
    let page = send(app(), document(signed_in(get::<Body>("/admin"), &user))).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert_eq!(page.body(), "<h1>forbidden</h1>");
    assert_eq!(header(&page, "cache-control"), "private, no-store");

    let json = send(app(), signed_in(get::<Body>("/admin"), &user)).await;
    assert_eq!(json.status(), StatusCode::FORBIDDEN);
    assert_eq!(error_code(&json), "forbidden");
}

#[tokio::test]
async fn a_request_that_cannot_be_authenticated_is_an_error_of_the_client() {
    let request = || {
        Request::builder()
            .method(Method::OPTIONS)
            .uri("*")
            .body(Body::empty())
            .unwrap()
    };
    let json = send(app(), request()).await;
    assert_eq!(json.status(), StatusCode::BAD_REQUEST);
    assert_eq!(error_code(&json), "authentication_failed");
    let page = send(app(), document(request())).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(page.body(), "<h1>authentication_failed</h1>");
}
