//! From the authorization request to the user.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use serde_json::{Value, json};

use crate::{CLI, Provider, REPORTS, STATE};

/// Verifies a JWT as a client does: by the published key, for its own id.
async fn verified(provider: &Provider, token: &str, audience: Option<&str>) -> (Option<String>, Value) {
    let keys = provider.get(&provider.endpoint("jwks_uri").await).await.ok();
    let keys: JwkSet = serde_json::from_value(keys).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[provider.issuer()]);
    match audience {
        Some(audience) => validation.set_audience(&[audience]),
        None => validation.validate_aud = false,
    }
    let key = DecodingKey::from_jwk(&keys.keys[0]).unwrap();
    let token = decode::<Value>(token, &key, &validation).unwrap();
    (token.header.typ, token.claims)
}

#[tokio::test]
async fn a_client_discovers_the_provider() {
    let provider = Provider::start().await;
    let metadata = provider.metadata().await;
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        assert!(
            metadata[endpoint]
                .as_str()
                .unwrap()
                .starts_with(&provider.issuer()),
            "{endpoint}"
        );
    }
    // Where RFC 8414 and OpenID Connect put the metadata of an issuer with a path.
    let host = provider.issuer().trim_end_matches("/__clerk").to_owned();
    for url in [
        format!("{host}/.well-known/oauth-authorization-server/__clerk"),
        format!("{host}/.well-known/openid-configuration/__clerk"),
        format!("{}/.well-known/oauth-authorization-server", provider.issuer()),
    ] {
        let found = provider.get(&url).await.ok();
        assert_eq!(found["token_endpoint"], metadata["token_endpoint"], "{url}");
        assert_eq!(found["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(found.get("registration_endpoint"), None);
    }
}

#[tokio::test]
async fn a_user_signs_in_consents_and_is_known_to_the_client() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let scope = "openid profile email public_metadata private_metadata user:org:read";
    let changes = [("nonce", "nonce-of-the-client")];
    let (page, query) = ada.authorize(&REPORTS, scope, &changes).await.target();
    assert!(page.ends_with("/oauth-consent"), "{page}");

    let info = [
        ("scope", query["scope"].as_str()),
        ("redirect_uri", query["redirect_uri"].as_str()),
    ];
    let info = ada.get("/v1/me/oauth/consent/reports", &info).await.ok();
    assert_eq!(info["oauth_application_name"], "Reports");
    assert_eq!(info["scopes"].as_array().unwrap().len(), 6);

    let decision = [("consented", "true"), ("organization_id", "org_acme")];
    let (target, query) = ada.decide(&query, &decision).await.target();
    assert_eq!(target, "http://localhost:4000/callback");
    assert_eq!(
        (query["from"].as_str(), query["state"].as_str()),
        ("clerk", STATE)
    );

    let tokens = provider.redeem(&REPORTS, &query["code"]).await.ok();
    assert!(tokens["access_token"].as_str().unwrap().starts_with("oat_"));
    assert_eq!(
        (&tokens["token_type"], &tokens["expires_in"], &tokens["scope"]),
        (&json!("Bearer"), &json!(86_400), &json!(scope))
    );
    let (_, claims) = verified(&provider, tokens["id_token"].as_str().unwrap(), Some("reports")).await;
    assert_eq!(claims["nonce"], "nonce-of-the-client");

    let user = provider.user_info(&tokens).await.ok();
    assert_eq!(claims["sub"], user["sub"]);
    for (name, value) in [
        ("sub", json!(provider.ada_id().await)),
        ("email", json!("ada@example.com")),
        ("email_verified", json!(true)),
        ("name", json!("Ada Lovelace")),
        ("given_name", json!("Ada")),
        ("public_metadata", json!({ "role": "analyst" })),
        ("private_metadata", json!({ "salary": 1 })),
        ("org_id", json!("org_acme")),
        ("org_slug", json!("acme")),
    ] {
        assert_eq!(user[name], value, "{name}");
    }

    // The consent is remembered, but can be asked for again.
    let (target, _) = ada.authorize(&REPORTS, "openid email", &[]).await.target();
    assert_eq!(target, "http://localhost:4000/callback");
    let (page, _) = ada
        .authorize(&REPORTS, "openid", &[("prompt", "consent")])
        .await
        .target();
    assert!(page.ends_with("/oauth-consent"), "{page}");
}

#[tokio::test]
async fn a_public_client_needs_no_secret_and_learns_what_it_asked_for() {
    let provider = Provider::start().await;
    let tokens = provider.tokens(&CLI, "email").await;
    assert_eq!(tokens.get("id_token"), None);
    let user = provider.user_info(&tokens).await.ok();
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(
        (user.get("name"), user.get("public_metadata"), user.get("org_id")),
        (None, None, None)
    );

    // Without a scope, it gets Clerk's defaults.
    let ada = provider.ada().await;
    let (_, query) = ada.authorize(&CLI, "", &[]).await.target();
    let tokens = provider.redeem(&CLI, &query["code"]).await.ok();
    assert_eq!(tokens["scope"], "profile email");

    // Both endpoints take a form, too.
    let url = format!(
        "{}/oauth/authorize?__clerk_db_jwt={}",
        provider.issuer(),
        ada.token
    );
    let (_, query) = provider.post(&url, &CLI.request("email", &[])).await.target();
    let tokens = provider.redeem(&CLI, &query["code"]).await.ok();
    let endpoint = provider.endpoint("userinfo_endpoint").await;
    let fields = [("access_token", tokens["access_token"].as_str().unwrap())];
    assert_eq!(
        provider.post(&endpoint, &fields).await.ok()["email"],
        "ada@example.com"
    );
}

#[tokio::test]
async fn access_tokens_can_be_jwts() {
    let provider = Provider::start().await;
    provider
        .control("/settings", json!({ "oauth_jwt_access_tokens": true }))
        .await;
    let tokens = provider.tokens(&REPORTS, "profile user:org:read").await;
    let (kind, claims) = verified(&provider, tokens["access_token"].as_str().unwrap(), None).await;
    assert_eq!(kind.as_deref(), Some("at+jwt"));
    assert_eq!(
        (&claims["sub"], &claims["client_id"], &claims["scope"]),
        (
            &json!(provider.ada_id().await),
            &json!("reports"),
            &json!("profile user:org:read")
        )
    );
    assert_eq!(provider.user_info(&tokens).await.ok()["given_name"], "Ada");
    assert_eq!(provider.verify(&tokens).await.ok()["id"], claims["jti"]);

    // Whoever verifies its signature would not learn that it is revoked.
    let token = [("token", tokens["access_token"].as_str().unwrap())];
    let refused = provider.as_client("revocation_endpoint", &REPORTS, &token).await;
    assert_eq!(refused.error(), (400, "unsupported_token_type"));
    provider.control("/clock", json!({ "advance": "25h" })).await;
    assert_eq!(provider.verify(&tokens).await.ok(), json!({ "active": false }));
}

#[tokio::test]
async fn the_result_can_be_a_form() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let page = ada
        .authorize(&CLI, "email", &[("response_mode", "form_post")])
        .await;
    assert_eq!(page.status, 200);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'nonce-"), "{policy}");
    for expected in [
        "<form method=\"post\" action=\"http://127.0.0.1:4100/callback\">",
        "name=\"code\"",
        "name=\"state\" value=\"state-of-the-client\"",
    ] {
        assert!(page.text.contains(expected), "{}", page.text);
    }
}
