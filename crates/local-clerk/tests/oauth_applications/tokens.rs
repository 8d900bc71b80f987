//! The life of tokens.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{CLI, Provider, REPORTS};

fn token(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn refresh_tokens_are_replaced() {
    let provider = Provider::start().await;
    let first = provider.tokens(&REPORTS, "openid email").await;
    let second = provider.refresh(&REPORTS, &first).await.ok();
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert!(second["id_token"].is_string());
    provider.user_info(&second).await.ok();

    let narrower = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &token(&second, "refresh_token")),
        ("scope", "email"),
    ];
    let third = provider.token(&REPORTS, &narrower).await.ok();
    assert_eq!((&third["scope"], third.get("id_token")), (&json!("email"), None));
    let wider = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &token(&third, "refresh_token")),
        ("scope", "email profile"),
    ];
    assert_eq!(
        provider.token(&REPORTS, &wider).await.error(),
        (400, "invalid_scope")
    );
    assert_eq!(
        provider.refresh(&CLI, &third).await.error(),
        (400, "invalid_grant")
    );
    // An access token is none.
    let wrong = json!({ "refresh_token": third["access_token"] });
    assert_eq!(
        provider.refresh(&REPORTS, &wrong).await.error(),
        (400, "invalid_grant")
    );

    // One that has been replaced is in somebody else's hands: nothing of it remains valid.
    provider.user_info(&third).await.ok();
    assert_eq!(
        provider.refresh(&REPORTS, &first).await.error(),
        (400, "invalid_grant")
    );
    assert_eq!(provider.user_info(&third).await.status, 401);
    assert_eq!(
        provider.refresh(&REPORTS, &third).await.error(),
        (400, "invalid_grant")
    );
}

#[tokio::test]
async fn access_tokens_expire_after_a_day() {
    let provider = Provider::start().await;
    let tokens = provider.tokens(&REPORTS, "email").await;
    provider.control("/clock", json!({ "advance": "23h" })).await;
    provider.verify(&tokens).await.ok();
    provider.control("/clock", json!({ "advance": "61m" })).await;
    assert_eq!(provider.verify(&tokens).await.status, 404);
    assert_eq!(provider.user_info(&tokens).await.status, 401);
    let tokens = provider.refresh(&REPORTS, &tokens).await.ok();
    provider.user_info(&tokens).await.ok();
}

#[tokio::test]
async fn a_client_revokes_and_examines_its_own_tokens() {
    let provider = Provider::start().await;
    let tokens = provider.tokens(&REPORTS, "email user:org:read").await;
    let access = token(&tokens, "access_token");
    let fields = [("token", access.as_str())];
    let info = provider
        .as_client("introspection_endpoint", &REPORTS, &fields)
        .await
        .ok();
    assert_eq!(
        (&info["active"], &info["client_id"], &info["scope"], &info["sub"]),
        (
            &json!(true),
            &json!("reports"),
            &json!("email user:org:read"),
            &json!(provider.ada_id().await)
        )
    );
    for (client, fields) in [
        (&CLI, &fields[..]),
        (&REPORTS, &[("token", "unknown")]),
        (&REPORTS, &[("token", access.as_str()), ("scope", "profile")]),
    ] {
        let info = provider
            .as_client("introspection_endpoint", client, fields)
            .await
            .ok();
        assert_eq!(info, json!({ "active": false }));
    }
    let endpoint = provider.endpoint("introspection_endpoint").await;
    let stranger = [("token", access.as_str()), ("client_id", "reports")];
    assert_eq!(
        provider.post(&endpoint, &stranger).await.error(),
        (401, "invalid_client")
    );

    let refused = provider.as_client("revocation_endpoint", &CLI, &fields).await;
    assert_eq!(refused.error(), (400, "invalid_grant"));
    provider
        .as_client("revocation_endpoint", &REPORTS, &[("token", "unknown")])
        .await
        .ok();
    provider.verify(&tokens).await.ok();
    let refresh = token(&tokens, "refresh_token");
    let fields = [("token", refresh.as_str()), ("token_type_hint", "refresh_token")];
    provider
        .as_client("revocation_endpoint", &REPORTS, &fields)
        .await
        .ok();
    assert_eq!(provider.verify(&tokens).await.status, 404);
    assert_eq!(provider.user_info(&tokens).await.status, 401);
    assert_eq!(
        provider.refresh(&REPORTS, &tokens).await.error(),
        (400, "invalid_grant")
    );
    let info = provider
        .as_client("introspection_endpoint", &REPORTS, &fields)
        .await
        .ok();
    assert_eq!(info, json!({ "active": false }));
}

#[tokio::test]
async fn a_backend_manages_applications_and_their_tokens() {
    let provider = Provider::start().await;
    let tokens = provider.tokens(&REPORTS, "email").await;
    let found = provider.backend(
        Method::GET,
        "/v1/oauth_applications?name_query=reports",
        Value::Null,
    );
    let application = found.await.ok()["data"][0].clone();
    assert_eq!(
        (&application["name"], application.get("client_secret")),
        (&json!("Reports"), None)
    );
    assert_eq!(
        application["token_fetch_url"].as_str().unwrap(),
        provider.endpoint("token_endpoint").await
    );
    let path = format!("/v1/oauth_applications/{}", application["id"].as_str().unwrap());

    let verified = provider.verify(&tokens).await.ok();
    assert_eq!(
        (&verified["client_id"], &verified["subject"], &verified["scopes"]),
        (
            &json!("reports"),
            &json!(provider.ada_id().await),
            &json!(["email"])
        )
    );
    let revoke = format!("{path}/revoke_token");
    let body = json!({ "token": tokens["refresh_token"] });
    let revoked = provider.backend(Method::POST, &revoke, body.clone()).await;
    assert_eq!(revoked.status, 204);
    assert_eq!(provider.verify(&tokens).await.status, 404);
    assert_eq!(provider.backend(Method::POST, &revoke, body).await.status, 404);

    let tokens = provider.tokens(&REPORTS, "email").await;
    let rotated = provider
        .backend(Method::POST, &format!("{path}/rotate_secret"), Value::Null)
        .await
        .ok();
    assert_ne!(rotated["client_secret"], "reports-secret");
    assert_eq!(
        provider.refresh(&REPORTS, &tokens).await.error(),
        (401, "invalid_client")
    );

    for (changes, param) in [
        (
            json!({ "redirect_uris": ["javascript:alert(1)"] }),
            "redirect_uris",
        ),
        (json!({ "scopes": "email admin" }), "scopes"),
        (json!({ "name": "x".repeat(257) }), "name"),
        (json!({ "unknown": true }), "unknown"),
    ] {
        let refused = provider.backend(Method::PATCH, &path, changes).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.body["errors"][0]["meta"]["param_name"], param);
    }
    let changes = json!({ "name": "Charts", "consent_screen_enabled": false, "pkce_required": true });
    let changed = provider.backend(Method::PATCH, &path, changes).await.ok();
    assert_eq!(
        (&changed["name"], &changed["pkce_required"]),
        (&json!("Charts"), &json!(true))
    );

    let deleted = provider.backend(Method::DELETE, &path, Value::Null).await.ok();
    assert_eq!(deleted["deleted"], true);
    assert_eq!(provider.verify(&tokens).await.status, 404);
    let ada = provider.ada().await;
    assert_eq!(
        ada.authorize(&REPORTS, "email", &[]).await.error(),
        (401, "invalid_client")
    );
}

#[tokio::test]
async fn tokens_end_with_their_user() {
    let provider = Provider::start().await;
    let tokens = provider.tokens(&CLI, "email").await;
    let path = format!("/v1/users/{}", provider.ada_id().await);
    provider.backend(Method::DELETE, &path, Value::Null).await.ok();
    assert_eq!(provider.user_info(&tokens).await.status, 401);
    assert_eq!(
        provider.refresh(&CLI, &tokens).await.error(),
        (400, "invalid_grant")
    );
}
