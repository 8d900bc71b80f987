//! Tokens of programs: where they are accepted, and what they may do.

use axum::{Json, Router, body::Body, routing::get as route_get};
use axum_clerk::{
    AcceptsToken, Auth, AuthCheck, ClerkLayer, Machine, MaybeAuth, Options, Rejection, RequireAuth, SignedIn,
    TokenType,
};
use http::{Request, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};

use crate::support::{BackendStub, Token, error_code, get, header, options, send, signed_in};

fn routes() -> Router {
    Router::new()
        .route("/user", route_get(user))
        .route("/program", route_get(program))
        .route("/writer", route_get(writer))
        .route("/admin", route_get(admin))
}

async fn user(RequireAuth(who): RequireAuth) -> Json<SignedIn> {
    Json(who)
}

async fn program(auth: MaybeAuth) -> Result<Json<Machine>, Rejection> {
    let caller =
        auth.protect(AuthCheck::token([TokenType::ApiKey, TokenType::M2mToken]).scope("posts:read"))?;
    caller.machine().cloned().map(Json).ok_or(Rejection::Forbidden)
}

async fn writer(auth: MaybeAuth) -> Result<&'static str, Rejection> {
    auth.protect(AuthCheck::token(AcceptsToken::Any).scope("posts:write"))?;
    Ok("written")
}

async fn admin(auth: MaybeAuth) -> Result<&'static str, Rejection> {
    match auth.protect(AuthCheck::role("org:admin").or_token(TokenType::ApiKey))? {
        Auth::Machine(_) => Ok("program"),
        _ => Ok("user"),
    }
}

fn app(stub: &BackendStub, accepts: impl Into<AcceptsToken>) -> Router {
    routes().layer(ClerkLayer::new(stub.clerk()).accepts(accepts))
}

fn with_token(path: &str, token: &str) -> Request<Body> {
    let mut request = get(path);
    let authorization = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(AUTHORIZATION, authorization);
    request
}

#[tokio::test]
async fn without_being_accepted_a_token_is_never_asked_for() {
    let stub = BackendStub::start().await;
    let app = routes().layer(ClerkLayer::new(stub.clerk()));
    for path in ["/user", "/program", "/writer", "/admin"] {
        let response = send(app.clone(), with_token(path, "ak_known")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(stub.calls(), 0);
}

#[tokio::test]
async fn a_program_gets_only_where_it_is_expected() {
    let stub = BackendStub::start().await;
    let app = app(&stub, AcceptsToken::Any);
    let response = send(app.clone(), with_token("/program", "ak_known")).await;
    let body: Value = serde_json::from_str(response.body()).unwrap();
    let expected = json!({
        "token_type": "api_key", "id": "ak_1", "subject": "user_1", "scopes": ["posts:read"],
        "name": "reports", "claims": null, "user_id": "user_1", "org_id": null,
    });
    assert_eq!(body, expected);
    assert_eq!(header(&response, "x-clerk-auth-status"), "signed-in");

    // It acts for a user, but is not that user.
    let response = send(app.clone(), with_token("/user", "ak_known")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let response = send(app.clone(), with_token("/writer", "ak_known")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let response = send(app.clone(), with_token("/admin", "ak_known")).await;
    assert_eq!(response.body(), "program");
    let user = Token::new("user_1", "sess_1");
    let response = send(app.clone(), signed_in(get::<Body>("/program"), &user)).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let response = send(app, signed_in(get::<Body>("/admin"), &user)).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(stub.calls(), 1, "the answer is used for ten seconds");
}

#[tokio::test]
async fn an_unknown_key_is_refused_and_an_unavailable_backend_api_is_not_an_answer() {
    let stub = BackendStub::start().await;
    let app = app(&stub, TokenType::ApiKey);
    let response = send(app.clone(), with_token("/program", "ak_unknown")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&response, "x-clerk-auth-reason"), "token-invalid");

    stub.answer_with(StatusCode::BAD_GATEWAY);
    let response = send(app.clone(), with_token("/program", "ak_known")).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(error_code(&response), "authentication_unavailable");
    stub.answer_with(StatusCode::OK);
    let response = send(app, with_token("/program", "ak_known")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_kind_that_is_not_accepted_is_a_mismatch() {
    let stub = BackendStub::start().await;
    for accepts in [
        AcceptsToken::from(TokenType::M2mToken),
        AcceptsToken::from([TokenType::SessionToken, TokenType::OAuthToken]),
    ] {
        let response = send(app(&stub, accepts), with_token("/program", "ak_known")).await;
        assert_eq!(header(&response, "x-clerk-auth-reason"), "token-type-mismatch");
    }
    let response = send(app(&stub, TokenType::ApiKey), get::<Body>("/program")).await;
    assert_eq!(header(&response, "x-clerk-auth-reason"), "No token in header");
    assert_eq!(stub.calls(), 0);
}

#[tokio::test]
async fn the_machine_secret_key_is_for_machine_to_machine_tokens_only() {
    let stub = BackendStub::start().await;
    for (machine_secret_key, expected) in [
        (None, "Bearer sk_live_secret"),
        (Some("ak_machine"), "Bearer ak_machine"),
    ] {
        let clerk = stub.clerk_with(Options {
            machine_secret_key: machine_secret_key.map(Into::into),
            ..options()
        });
        let routes = Router::new()
            .route(
                "/",
                route_get(async |MaybeAuth(auth): MaybeAuth| auth.machine().unwrap().subject.clone()),
            )
            .layer(ClerkLayer::new(clerk).accepts(TokenType::M2mToken));
        let response = send(routes, with_token("/", "mt_token")).await;
        assert_eq!(response.body(), expected);
    }
}
