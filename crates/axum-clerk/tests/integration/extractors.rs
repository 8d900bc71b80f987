//! Extractors: who gets in, with any state, and what a missing layer looks like.

use axum::{Json, Router, body::Body, routing::get as route_get};
use axum_clerk::{AuthCheck, ClerkLayer, MaybeAuth, Rejection, RequireAuth, SignedIn};
use http::StatusCode;
use serde_json::Value;

use crate::support::{Token, clerk, document, error_code, get, header, send, signed_in};

/// A state that has nothing to do with Clerk.
#[derive(Clone)]
struct Database;

fn routes() -> Router {
    Router::new()
        .route("/maybe", route_get(maybe))
        .route("/require", route_get(require))
        .route("/optional", route_get(optional))
        .route("/admin", route_get(admin))
        .with_state(Database)
}

fn app() -> Router {
    routes().layer(ClerkLayer::new(clerk()))
}

async fn maybe(MaybeAuth(auth): MaybeAuth) -> String {
    auth.user_id().unwrap_or("signed out").to_owned()
}

async fn require(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}

async fn optional(who: Option<RequireAuth>) -> String {
    who.map_or("signed out".to_owned(), |RequireAuth(who)| who.user_id)
}

async fn admin(auth: MaybeAuth) -> Result<String, Rejection> {
    let admin = auth.protect(AuthCheck::role("org:admin"))?;
    Ok(admin.user_id.clone())
}

#[tokio::test]
async fn a_signed_in_caller_is_known_to_every_extractor() {
    let token = Token::new("user_1", "sess_1");
    for path in ["/maybe", "/optional"] {
        let response = send(app(), signed_in(get::<Body>(path), &token)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.body(), "user_1", "{path}");
    }
    let response = send(app(), signed_in(get::<Body>("/require"), &token)).await;
    let body: Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(body["user_id"], "user_1");
    assert_eq!(body["session_id"], "sess_1");
}

#[tokio::test]
async fn a_signed_out_caller_gets_past_optional_extractors_only() {
    for path in ["/maybe", "/optional"] {
        let response = send(app(), get::<Body>(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.body(), "signed out", "{path}");
    }
    let response = send(app(), get::<Body>("/require")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "www-authenticate"), "Bearer");
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    assert_eq!(error_code(&response), "unauthenticated");
}

#[tokio::test]
async fn a_signed_out_visitor_of_a_document_is_redirected_to_sign_in() {
    let response = send(app(), document(get::<Body>("/require?tab=1"))).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(
        header(&response, "location"),
        "/sign-in?redirect_url=%2Frequire%3Ftab%3D1"
    );
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    assert_eq!(response.body(), "");
}

#[tokio::test]
async fn a_check_rejects_callers_who_do_not_meet_it() {
    let member = Token::new("user_1", "sess_1");
    let response = send(app(), signed_in(get::<Body>("/admin"), &member)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(error_code(&response), "forbidden");

    let admin = Token::new("user_2", "sess_2")
        .claim("org_id", "org_1")
        .claim("org_role", "org:admin");
    let response = send(app(), signed_in(get::<Body>("/admin"), &admin)).await;
    assert_eq!(response.body(), "user_2");

    let response = send(app(), get::<Body>("/admin")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_missing_layer_is_an_error_of_the_server_for_every_extractor() {
    let token = Token::new("user_1", "sess_1");
    for path in ["/maybe", "/require", "/optional", "/admin"] {
        let response = send(routes(), signed_in(get::<Body>(path), &token)).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(error_code(&response), "missing_clerk_layer", "{path}");
        // Visitors of an optimised build are not told how the program is put together.
        let names_the_layer = response.body().contains("ClerkLayer::new(clerk)");
        assert_eq!(names_the_layer, cfg!(debug_assertions), "{path}");
    }
}
