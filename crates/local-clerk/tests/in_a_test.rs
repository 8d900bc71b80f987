//! An app under test that uses a local Clerk, as another project would write it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use axum::{Router, extract::State, routing::get};
use http::{HeaderMap, Method, StatusCode, header};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use local_clerk::LocalClerk;
use serde::Deserialize;
use tower::ServiceExt as _;

const SEED: &str = r#"
[[users]]
email_addresses = ["ada@example.com"]

[[users]]
email_addresses = ["bob@example.com"]
"#;

/// What the app reads from a session token.
#[derive(Deserialize)]
struct Claims {
    sub: String,
}

/// The app: it knows Clerk only by its environment.
fn my_app(environment: Vec<(&'static str, String)>) -> Router {
    let (_, jwt_key) = environment
        .into_iter()
        .find(|(name, _)| *name == "CLERK_JWT_KEY")
        .unwrap();
    let key = DecodingKey::from_rsa_pem(jwt_key.as_bytes()).unwrap();
    Router::new().route("/me", get(me)).with_state(key)
}

async fn me(State(key): State<DecodingKey>, headers: HeaderMap) -> Result<String, StatusCode> {
    let token = token(&headers).ok_or(StatusCode::UNAUTHORIZED)?;
    let claims = decode::<Claims>(token, &key, &Validation::new(Algorithm::RS256));
    Ok(claims.map_err(|_| StatusCode::UNAUTHORIZED)?.claims.sub)
}

/// The session token of a request: a bearer token, or the cookie.
fn token(headers: &HeaderMap) -> Option<&str> {
    let header = |name| headers.get(name)?.to_str().ok();
    header(header::AUTHORIZATION)
        .and_then(|value: &str| value.strip_prefix("Bearer "))
        .or_else(|| {
            let mut cookies = header(header::COOKIE)?.split("; ");
            cookies.find_map(|cookie| cookie.strip_prefix("__session="))
        })
}

async fn body(response: axum::response::Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn signed_in_user_is_recognised_by_cookie() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = LocalClerk::builder().seed_str(SEED).start().await?;
    let app = my_app(clerk.environment());
    for name in ["ada@example.com", "bob@example.com"] {
        let user = clerk.session_of(name).await?;
        let reply = app.clone().oneshot(user.request(Method::GET, "/me")).await?;
        assert_eq!(reply.status(), StatusCode::OK);
        assert_eq!(body(reply).await, user.user_id());
    }
    Ok(())
}

#[tokio::test]
async fn signed_in_user_is_recognised_by_bearer_token() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = LocalClerk::builder().seed_str(SEED).start().await?;
    let ada = clerk.session_of("ada@example.com").await?;
    let request = http::Request::get("/me")
        .header(header::AUTHORIZATION, format!("Bearer {}", ada.bearer_token()))
        .body(String::new())?;
    let reply = my_app(clerk.environment()).oneshot(request).await?;
    assert_eq!(body(reply).await, ada.user_id());
    Ok(())
}

#[tokio::test]
async fn token_of_another_instance_is_rejected() -> Result<(), Box<dyn std::error::Error>> {
    let (clerk, other) = tokio::try_join!(
        LocalClerk::builder().seed_str(SEED).start(),
        LocalClerk::builder().seed_str(SEED).start(),
    )?;
    let stranger = other.session_of("ada@example.com").await?;
    let app = my_app(clerk.environment());
    let reply = app.oneshot(stranger.request(Method::GET, "/me")).await?;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}
