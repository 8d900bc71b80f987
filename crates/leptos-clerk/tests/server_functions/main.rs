//! Server functions and pages through the router of an app: who may call them, and what others get.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod app;
#[path = "../../../axum-clerk/tests/integration/support/keys.rs"]
mod keys;
mod support;

use http::{Method, StatusCode};
use leptos::server_fn::error::FromServerFnError;
use leptos_clerk::{ClerkServerError, Reverification};
use serde_json::json;

use keys::Token;
use support::{Caller, FRONTEND_API, Visitor, form, get, header, post, users};

fn member() -> Token {
    Token::new("user_1", "sess_1")
        .claim("org_id", "org_1")
        .claim("org_role", "org:member")
}

fn admin() -> Token {
    member().claim("org_role", "org:admin")
}

#[tokio::test]
async fn a_server_function_answers_by_who_calls_it() {
    let response = post("/api/rename", "name=Ada", Caller::SignedOut).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "www-authenticate"), "Bearer");
    assert_eq!(error(&response), ClerkServerError::SignedOut);

    let response = post("/api/rename", "name=Ada", Caller::Cookies(member())).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(error(&response), ClerkServerError::Forbidden);

    for caller in [Caller::Cookies(admin()), Caller::Bearer(admin())] {
        let response = post("/api/rename", "name=Ada", caller).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.body(), r#""user_1 renames the team to Ada""#);
    }
}

#[tokio::test]
async fn a_stale_cookie_is_refused_and_a_fresh_token_in_the_header_is_not() {
    let response = post("/api/rename", "name=Ada", Caller::Cookies(admin().expired())).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let both = Caller::CookiesAndBearer(admin().expired(), admin());
    let response = post("/api/rename", "name=Ada", both).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_server_function_that_checks_nothing_is_closed_to_strangers() {
    let response = post("/api/forgotten", "", Caller::SignedOut).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(error(&response), ClerkServerError::SignedOut);
    let response = post("/api/forgotten", "", Caller::Cookies(member())).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_server_function_that_is_declared_public_is_open() {
    let response = post("/api/search", "text=Ada", Caller::SignedOut).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.body(), r#""signed out: Ada""#);
}

#[tokio::test]
async fn the_functions_of_a_nested_router_are_closed_too() {
    let response = support::send_nested(Method::POST, "/app/api/forgotten").await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_hidden_function_is_not_found() {
    let response = post("/api/hidden", "", Caller::Cookies(member())).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(error(&response), ClerkServerError::NotFound);
}

#[tokio::test]
async fn an_old_verification_gets_the_body_that_clerk_js_recognizes() {
    let caller = Caller::Cookies(admin().claim("fva", json!([60, -1])));
    let response = post("/api/delete", "", caller).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        error(&response),
        ClerkServerError::Reverification(Reverification::strict())
    );
    let body: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(body["clerk_error"]["reason"], "reverification-error");

    let caller = Caller::Cookies(admin().claim("fva", json!([1, -1])));
    let response = post("/api/delete", "", caller).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_error_of_the_function_itself_keeps_its_text() {
    let response = post("/api/rename", "name=", Caller::Cookies(admin())).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        error(&response),
        ClerkServerError::new("name_empty", "The team needs a name.")
    );
}

#[tokio::test]
async fn a_check_whose_refusal_is_handled_does_not_change_the_answer() {
    let response = post("/api/either", "", Caller::Cookies(member())).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_form_without_javascript_leads_back_to_its_page() {
    let response = form("/api/rename", "name=Ada", Caller::SignedOut).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        header(&response, "location"),
        "/sign-in?redirect_url=%2Fteam%3Fa%3Db"
    );

    let response = form("/api/rename", "name=Ada", Caller::Cookies(member())).await;
    assert_eq!(response.status(), StatusCode::FOUND);
    let location = header(&response, "location");
    assert!(
        location.starts_with("https://app.example/team?a=b&__path="),
        "{location}"
    );
}

#[tokio::test]
async fn a_page_is_protected_while_it_is_rendered() {
    let response = get("/team", Visitor(Caller::SignedOut)).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&response, "location"), "/sign-in?redirect_url=%2Fteam");
    assert_eq!(response.body(), "");

    let response = get("/team", Visitor(Caller::Cookies(member()))).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(
        response.body().contains("You are not allowed to do this."),
        "{}",
        response.body()
    );
    assert!(!response.body().contains("members of org_1"));

    let response = get("/team", Visitor(Caller::Cookies(admin()))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        response.body().contains("members of org_1"),
        "{}",
        response.body()
    );
}

#[tokio::test]
async fn a_page_that_refuses_signed_out_visitors_is_not_rendered_once_for_all_of_them() {
    let response = support::get_rendered_once("/team").await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&response, "location"), "/sign-in?redirect_url=%2Fteam");
}

#[tokio::test]
async fn the_current_user_comes_from_the_backend_api() {
    let users = users().await;
    let response = users.post("/api/my_name", Caller::Cookies(member())).await;
    assert_eq!(response.body(), r#""Ada""#);
    let response = users.post("/api/my_name", Caller::SignedOut).await;
    assert_eq!(response.body(), "null");
    users.fail();
    let response = users.post("/api/my_name", Caller::Cookies(member())).await;
    assert_eq!(error(&response), ClerkServerError::Unavailable);
}

#[tokio::test]
async fn a_missing_layer_is_an_error_of_the_server() {
    let response = support::send_without_layer("/api/forgotten_check").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(error(&response), ClerkServerError::MissingLayer);
}

fn error(response: &http::Response<String>) -> ClerkServerError {
    ClerkServerError::de(response.body().clone().into())
}
