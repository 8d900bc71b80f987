//! Sessions, and tokens that sign in.

use std::time::Duration;

use axum::{Extension, Router, body::Body, routing::get};
use axum_clerk::{ClerkLayer, RequireAuth};
use clerk_auth::{
    ApiError, Clerk,
    api::{
        CreateActorToken, CreateJwtTemplate, CreateSession, CreateSessionToken,
        CreateSessionTokenFromTemplate, CreateSignInToken, ExposeSecret, ListJwtTemplates, ListSessions,
        Metadata, SessionStatus, TokenStatus, UpdateJwtTemplate,
    },
};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;

use crate::support::{code, start};

#[tokio::test]
async fn sessions_are_listed_and_revoked() {
    let (local, clerk) = start().await;
    let sessions = clerk.api().sessions();
    let paula = local.session_of("paula@example.com").await.unwrap();
    let session = sessions.get(paula.session_id()).await.unwrap();
    assert_eq!(
        (session.user_id.as_str(), &session.status),
        (paula.user_id(), &SessionStatus::Active)
    );
    assert!(session.expire_at > session.created_at);

    let made = sessions
        .create(&CreateSession::new(paula.user_id()))
        .await
        .unwrap();
    let active = ListSessions {
        user_id: Some(paula.user_id().to_owned()),
        status: Some(SessionStatus::Active),
        ..ListSessions::default()
    };
    let page = sessions.list(&active).await.unwrap();
    assert_eq!(page.total_count, 2);
    assert!(page.data.iter().any(|one| one.id == made.id));
    let error = sessions.list(&ListSessions::default()).await.unwrap_err();
    assert!(error.to_string().contains("user_id"), "{error}");

    let token = sessions
        .create_token(paula.session_id(), &CreateSessionToken::default())
        .await
        .unwrap();
    assert_eq!(token.jwt.expose_secret().split('.').count(), 3);
    assert!(!format!("{token:?}").contains(token.jwt.expose_secret()));
    assert_eq!(
        sessions.revoke(paula.session_id()).await.unwrap().status,
        SessionStatus::Revoked
    );
    let after = sessions
        .create_token(paula.session_id(), &CreateSessionToken::default())
        .await;
    assert_eq!(code(after), "session_not_active");
}

#[tokio::test]
async fn tokens_are_made_from_templates() {
    let (local, clerk) = start().await;
    let paula = local.session_of("paula@example.com").await.unwrap();
    let templates = clerk.api().jwt_templates();
    let claims: Metadata = serde_json::from_value(json!({ "plan": "pro" })).unwrap();
    let params = CreateJwtTemplate {
        lifetime: Some(600),
        ..CreateJwtTemplate::new("hasura", claims.clone())
    };
    let template = templates.create(&params).await.unwrap();
    assert_eq!(
        (template.lifetime, &template.claims["plan"]),
        (600, &json!("pro"))
    );
    assert_eq!(templates.get(&template.id).await.unwrap().name, "hasura");
    let params = CreateSessionTokenFromTemplate::default();
    let token = clerk
        .api()
        .sessions()
        .create_token_from_template(paula.session_id(), "hasura", &params)
        .await
        .unwrap();
    assert_eq!(token.jwt.expose_secret().split('.').count(), 3);
    let changed = templates
        .update(
            &template.id,
            &UpdateJwtTemplate {
                lifetime: Some(60),
                ..UpdateJwtTemplate::new("other", claims)
            },
        )
        .await
        .unwrap();
    assert_eq!((changed.name.as_str(), changed.lifetime), ("other", 60));
    assert_eq!(
        templates
            .list(&ListJwtTemplates::default())
            .await
            .unwrap()
            .total_count,
        1
    );
    assert!(templates.delete(&template.id).await.unwrap().deleted);
}

#[tokio::test]
async fn tokens_sign_users_in() {
    let (local, clerk) = start().await;
    let paula = local.session_of("paula@example.com").await.unwrap();
    let params = CreateSignInToken {
        expires_in_seconds: Some(60),
        ..CreateSignInToken::new(paula.user_id())
    };
    let token = clerk.api().sign_in_tokens().create(&params).await.unwrap();
    assert_eq!(token.status, TokenStatus::Pending);
    assert!(
        token
            .url
            .as_ref()
            .unwrap()
            .expose_secret()
            .contains("__clerk_ticket=")
    );
    assert!(!format!("{token:?}").contains("__clerk_ticket"));
    assert_eq!(
        clerk
            .api()
            .sign_in_tokens()
            .revoke(&token.id)
            .await
            .unwrap()
            .status,
        TokenStatus::Revoked
    );

    let actor: Metadata = serde_json::from_value(json!({ "sub": "user_support" })).unwrap();
    let token = clerk
        .api()
        .actor_tokens()
        .create(&CreateActorToken::new(paula.user_id(), actor))
        .await
        .unwrap();
    assert_eq!(token.actor["sub"], "user_support");
    assert_eq!(
        clerk.api().actor_tokens().revoke(&token.id).await.unwrap().status,
        TokenStatus::Revoked
    );
    let token = clerk.api().testing_tokens().create().await.unwrap();
    assert!(!token.token.expose_secret().is_empty());
}

/// What an application would write: the client comes with the request, by [`ClerkLayer`].
async fn my_name(
    RequireAuth(who): RequireAuth,
    Extension(clerk): Extension<Clerk>,
) -> Result<String, StatusCode> {
    let user = clerk
        .api()
        .with_timeout(Duration::from_secs(2))
        .users()
        .get(&who.user_id)
        .await;
    let user = user.map_err(|error: ApiError| {
        error
            .retry_after()
            .map_or(StatusCode::NOT_FOUND, |_| StatusCode::SERVICE_UNAVAILABLE)
    })?;
    Ok(user
        .primary_email_address()
        .map(|address| address.email_address.clone())
        .unwrap_or_default())
}

#[tokio::test]
async fn handlers_reach_the_client() {
    let (local, clerk) = start().await;
    let app = Router::new()
        .route("/name", get(my_name))
        .layer(ClerkLayer::new(clerk));
    let paula = local.session_of("paula@example.com").await.unwrap();
    let request = Request::get("/name").header("authorization", format!("Bearer {}", paula.bearer_token()));
    let response = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "paula@example.com"
    );
}
