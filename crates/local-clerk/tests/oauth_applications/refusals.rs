//! Authorization requests and codes that are refused.

use serde_json::json;

use crate::{CLI, Client, Provider, REPORTS, STATE, VERIFIER};

#[tokio::test]
async fn a_wrong_redirect_uri_or_client_is_never_redirected() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    for wrong in [
        "https://evil.example/callback",
        "http://127.0.0.1:4100/callback/",
        "http://127.0.0.1:4100/callback?a=b",
        "http://localhost:4100/callback",
        "http://127.0.0.1:4101/callback",
    ] {
        let refused = ada.authorize(&CLI, "email", &[("redirect_uri", wrong)]).await;
        assert_eq!(refused.error(), (400, "invalid_request"), "{wrong}");
        assert!(refused.headers.get("location").is_none());
        let form = CLI.request("email", &[("redirect_uri", wrong)]);
        let denied = ada.post("/v1/me/oauth/consent/reports", &form).await;
        assert_eq!(denied.status, 400, "{}", denied.text);
    }
    let refused = ada.authorize(&CLI, "email", &[("client_id", "unknown")]).await;
    assert_eq!(refused.error(), (401, "invalid_client"));
    // Which of several ones is meant has to be said.
    let refused = ada.authorize(&REPORTS, "email", &[("redirect_uri", "")]).await;
    assert_eq!(refused.error(), (400, "invalid_request"));
    let (target, _) = ada
        .authorize(&CLI, "email", &[("redirect_uri", "")])
        .await
        .target();
    assert_eq!(target, CLI.redirect_uri);

    let endpoint = provider.endpoint("authorization_endpoint").await;
    let mut twice = CLI.request("email", &[]);
    twice.push(("scope", "profile"));
    assert_eq!(
        ada.open(&endpoint, &twice).await.error(),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn other_mistakes_are_told_to_the_application() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    for (changes, error) in [
        (&[("response_type", "token")][..], "unsupported_response_type"),
        (&[("response_type", "")], "invalid_request"),
        (&[("scope", "email admin")], "invalid_scope"),
        (&[("scope", "private_metadata")], "invalid_scope"),
        (&[("state", "short")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "select_account")], "invalid_request"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        // A public client cannot do without.
        (
            &[("code_challenge", ""), ("code_challenge_method", "")],
            "invalid_request",
        ),
    ] {
        let (target, query) = ada.authorize(&CLI, "email", changes).await.target();
        assert_eq!(target, CLI.redirect_uri, "{changes:?}");
        assert_eq!(query["error"], error, "{changes:?}");
        assert!(!query.contains_key("code"));
        if changes[0].0 != "state" {
            assert_eq!(query["state"], STATE);
        }
    }
    // Without PKCE, the state has to protect.
    let changes = [
        ("code_challenge", ""),
        ("code_challenge_method", ""),
        ("state", ""),
    ];
    let (_, query) = ada.authorize(&REPORTS, "email", &changes).await.target();
    assert_eq!(query["error"], "invalid_request");
}

#[tokio::test]
async fn a_denied_consent_is_told_to_the_application() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let (_, page) = ada.authorize(&REPORTS, "email", &[]).await.target();
    let (target, query) = ada.decide(&page, &[("consented", "false")]).await.target();
    assert_eq!(target, "http://localhost:4000/callback");
    assert_eq!(
        (query["error"].as_str(), query["state"].as_str()),
        ("access_denied", STATE)
    );
    // It was not remembered as allowed, and nobody else can allow it.
    let (page, query) = ada.authorize(&REPORTS, "email", &[]).await.target();
    assert!(page.ends_with("/oauth-consent"), "{page}");
    let stranger = provider.browser().await;
    assert_eq!(
        stranger.decide(&query, &[("consented", "true")]).await.status,
        401
    );
    let elsewhere = [("consented", "true"), ("organization_id", "org_other")];
    assert_eq!(ada.decide(&query, &elsewhere).await.status, 404);
}

/// The fields of a token request, with a change.
fn redeeming<'a>(client: &'a Client, code: &'a str, change: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", client.redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    fields.retain(|(name, _)| *name != change.0);
    if !change.1.is_empty() {
        fields.push(change);
    }
    fields
}

#[tokio::test]
async fn a_code_is_for_who_has_asked_for_it() {
    let provider = Provider::start().await;
    let code = provider.ada().await.code(&REPORTS, "email").await;
    for (change, error) in [
        (
            ("code_verifier", "another-verifier-that-is-as-long-as-the-first"),
            (400, "invalid_grant"),
        ),
        (("code_verifier", ""), (400, "invalid_grant")),
        (
            ("redirect_uri", "http://localhost:4000/other"),
            (400, "invalid_grant"),
        ),
        (("redirect_uri", ""), (400, "invalid_request")),
        (("code", "unknown"), (400, "invalid_grant")),
        (("code", ""), (400, "invalid_request")),
        (("grant_type", "password"), (401, "unsupported_grant_type")),
        (("grant_type", ""), (400, "invalid_request")),
    ] {
        let refused = provider
            .token(&REPORTS, &redeeming(&REPORTS, &code, change))
            .await;
        assert_eq!(refused.error(), error, "{change:?}");
    }
    let stolen = provider.token(&CLI, &redeeming(&REPORTS, &code, ("", ""))).await;
    assert_eq!(stolen.error(), (400, "invalid_grant"));
    // None of that has used the code up.
    provider.redeem(&REPORTS, &code).await.ok();

    // A verifier without a challenge means that somebody has removed the challenge (RFC 9700, 2.1.1).
    let ada = provider.ada().await;
    let changes = [("code_challenge", ""), ("code_challenge_method", "")];
    let (_, query) = ada.authorize(&REPORTS, "email", &changes).await.target();
    assert_eq!(
        provider.redeem(&REPORTS, &query["code"]).await.error(),
        (400, "invalid_grant")
    );
    let without = redeeming(&REPORTS, &query["code"], ("code_verifier", ""));
    provider.token(&REPORTS, &without).await.ok();
}

#[tokio::test]
async fn a_code_that_is_used_again_revokes_its_tokens() {
    let provider = Provider::start().await;
    let code = provider.ada().await.code(&REPORTS, "email").await;
    let tokens = provider.redeem(&REPORTS, &code).await.ok();
    provider.user_info(&tokens).await.ok();
    assert_eq!(
        provider.redeem(&REPORTS, &code).await.error(),
        (400, "invalid_grant")
    );
    assert_eq!(provider.user_info(&tokens).await.status, 401);
    assert_eq!(
        provider.refresh(&REPORTS, &tokens).await.error(),
        (400, "invalid_grant")
    );
    assert_eq!(provider.verify(&tokens).await.status, 404);
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let [early, late] = [
        ada.code(&REPORTS, "email").await,
        ada.code(&REPORTS, "email").await,
    ];
    provider.control("/clock", json!({ "advance": "9m" })).await;
    provider.redeem(&REPORTS, &early).await.ok();
    provider.control("/clock", json!({ "advance": "61s" })).await;
    assert_eq!(
        provider.redeem(&REPORTS, &late).await.error(),
        (400, "invalid_grant")
    );
}

#[tokio::test]
async fn a_client_proves_who_it_is() {
    let provider = Provider::start().await;
    let endpoint = provider.endpoint("token_endpoint").await;
    let code = provider.ada().await.code(&REPORTS, "email").await;
    let fields = redeeming(&REPORTS, &code, ("", ""));
    for (name, secret) in [
        ("reports", "wrong"),
        ("reports", ""),
        ("unknown", "reports-secret"),
        ("cli", "anything"),
    ] {
        let mut body = fields.clone();
        body.extend([("client_id", name), ("client_secret", secret)]);
        assert_eq!(
            provider.post(&endpoint, &body).await.error(),
            (401, "invalid_client"),
            "{name}"
        );
        let basic = provider.http.post(&endpoint).basic_auth(name, Some(secret));
        let refused = crate::Answer::of(crate::form(basic, &fields)).await;
        assert_eq!(refused.error(), (401, "invalid_client"), "{name}");
        assert!(
            refused.headers["www-authenticate"]
                .to_str()
                .unwrap()
                .starts_with("Basic")
        );
    }
    assert_eq!(
        provider.post(&endpoint, &fields).await.error(),
        (400, "invalid_request")
    );
    let mut both = fields.clone();
    both.push(("client_secret", "reports-secret"));
    assert_eq!(
        provider.token(&REPORTS, &both).await.error(),
        (400, "invalid_request")
    );
    let mut posted = fields.clone();
    posted.extend([("client_id", "reports"), ("client_secret", "reports-secret")]);
    provider.post(&endpoint, &posted).await.ok();
}
