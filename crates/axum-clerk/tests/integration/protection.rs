//! `ProtectLayer` and `ProtectPathsLayer`.

use axum::{
    Router,
    body::Body,
    routing::{get as route_get, post},
};
use axum_clerk::{
    AuthCheck, ClerkLayer, Policy, ProtectLayer, ProtectPathsLayer, ProtectedPaths, RequireAuth,
    Reverification,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Token, clerk, document, error_code, get, header, send, signed_in};

const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);

fn routes() -> Router {
    let admin = Router::new()
        .route("/admin", route_get(async || "admin"))
        .route_layer(ProtectLayer::new(AuthCheck::role("org:admin")));
    let billing = Router::new()
        .route("/billing", route_get(async || "billing"))
        .route_layer(ProtectLayer::new(
            AuthCheck::signed_in().within(Reverification::strict()),
        ));
    let account = Router::new()
        .route("/account", route_get(async || "account"))
        .route_layer(RequireAuth::layer());
    let pages = Router::new()
        .route("/", route_get(async || "home"))
        .route("/profile/{*tab}", route_get(async || "profile"))
        .layer(ProtectPathsLayer::new(PROTECTED));
    pages.merge(admin).merge(billing).merge(account)
}

fn app() -> Router {
    routes().layer(ClerkLayer::new(clerk()))
}

#[tokio::test]
async fn a_router_lets_only_callers_pass_who_meet_its_check() {
    let user = Token::new("user_1", "sess_1");
    let response = send(app(), signed_in(get::<Body>("/account"), &user)).await;
    assert_eq!(response.body(), "account");
    let response = send(app(), signed_in(get::<Body>("/admin"), &user)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);

    let response = send(app(), get::<Body>("/account")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(error_code(&response), "unauthenticated");
    let response = send(app(), document(get::<Body>("/account"))).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&response, "location"), "/sign-in?redirect_url=%2Faccount");
}

#[tokio::test]
async fn a_policy_is_the_same_for_a_handler_and_a_router() {
    enum Admin {}
    impl Policy for Admin {
        type Check = AuthCheck;

        fn check() -> AuthCheck {
            AuthCheck::role("org:admin").or_not_found()
        }
    }
    let handler = async |RequireAuth(admin): RequireAuth<Admin>| admin.user_id;
    let routes = Router::new()
        .route("/handler", route_get(handler))
        .route(
            "/router",
            route_get(async || "user_1").layer(ProtectLayer::policy::<Admin>()),
        )
        .layer(ClerkLayer::new(clerk()));
    let member = Token::new("user_1", "sess_1").claim("org_id", "org_1");
    let admin = Token::new("user_1", "sess_1")
        .claim("org_id", "org_1")
        .claim("org_role", "org:admin");
    for path in ["/handler", "/router"] {
        let response = send(routes.clone(), get::<Body>(path)).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        let response = send(routes.clone(), signed_in(get::<Body>(path), &member)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(error_code(&response), "not_found", "{path}");
        let response = send(routes.clone(), signed_in(get::<Body>(path), &admin)).await;
        assert_eq!(response.body(), "user_1", "{path}");
    }
}

#[tokio::test]
async fn a_form_of_a_signed_out_visitor_leads_to_sign_in_and_back_to_the_page_that_has_it() {
    let routes = Router::new()
        .route("/account", post(async || "saved"))
        .route_layer(RequireAuth::layer())
        .layer(ClerkLayer::new(clerk()));
    for (referrer, location) in [
        (
            "https://app.example/settings?tab=1",
            "/sign-in?redirect_url=%2Fsettings%3Ftab%3D1",
        ),
        ("https://evil.example/settings", "/sign-in?redirect_url=%2F"),
        ("nonsense", "/sign-in?redirect_url=%2F"),
    ] {
        let mut request = document(get::<Body>("/account"));
        *request.method_mut() = Method::POST;
        request.headers_mut().insert("referer", referrer.parse().unwrap());
        let response = send(routes.clone(), request).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(header(&response, "location"), location);
    }
}

#[tokio::test]
async fn an_old_verification_gets_the_body_that_clerk_js_recognizes() {
    let user = Token::new("user_1", "sess_1").claim("fva", json!([60, -1]));
    let response = send(app(), signed_in(get::<Body>("/billing"), &user)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let body: Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(body["clerk_error"]["type"], "forbidden");
    assert_eq!(body["clerk_error"]["reason"], "reverification-error");

    let user = Token::new("user_1", "sess_1").claim("fva", json!([1, -1]));
    let response = send(app(), signed_in(get::<Body>("/billing"), &user)).await;
    assert_eq!(response.body(), "billing");
}

#[tokio::test]
async fn protected_paths_redirect_signed_out_visitors_whatever_they_accept() {
    for request in [
        get::<Body>("/profile/security?a=b"),
        document(get("/profile/security?a=b")),
    ] {
        let response = send(app(), request).await;
        assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(
            header(&response, "location"),
            "/sign-in?redirect_url=%2Fprofile%2Fsecurity%3Fa%3Db"
        );
        assert_eq!(header(&response, "cache-control"), "private, no-store");
    }
    let user = Token::new("user_1", "sess_1");
    let response = send(app(), signed_in(get::<Body>("/profile/security"), &user)).await;
    assert_eq!(response.body(), "profile");
    let response = send(app(), get::<Body>("/")).await;
    assert_eq!(response.body(), "home");
}

#[tokio::test]
async fn a_missing_layer_is_an_error_of_the_server() {
    let user = Token::new("user_1", "sess_1");
    for path in ["/account", "/admin", "/profile/security"] {
        let response = send(routes(), signed_in(get::<Body>(path), &user)).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(error_code(&response), "missing_clerk_layer", "{path}");
    }
}
