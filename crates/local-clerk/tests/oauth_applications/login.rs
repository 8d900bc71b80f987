//! Signing in, and what depends on who is signed in.

use serde_json::json;
use url::Url;

use crate::{Browser, CLI, Provider, REPORTS};

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_first() {
    let provider = Provider::start().await;
    let browser = provider.browser().await;
    let (page, query) = browser.authorize(&CLI, "email", &[]).await.target();
    assert_eq!(page, format!("{}/sign-in", provider.clerk.api_url()));
    assert_eq!(
        browser
            .open(&page, &[("redirect_url", &query["redirect_url"])])
            .await
            .status,
        200
    );

    // The page leads back to where it came from, as whoever has signed in there.
    let ada = provider.ada().await;
    let (target, query) = ada.open(&query["redirect_url"], &[]).await.target();
    assert_eq!(target, CLI.redirect_uri);
    assert!(query.contains_key("code"));
}

#[tokio::test]
async fn a_sign_in_page_with_another_host_hands_the_browser_over() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let stranger = Browser {
        provider: &provider,
        token: "unknown".to_owned(),
    };
    let (_, query) = stranger
        .authorize(&CLI, "email", &[("__clerk_db_jwt", &ada.token)])
        .await
        .target();
    assert!(query.contains_key("code"));
}

#[tokio::test]
async fn prompts_are_followed() {
    let provider = Provider::start().await;
    let browser = provider.browser().await;
    let none = [("prompt", "none")];
    let (_, query) = browser.authorize(&CLI, "email", &none).await.target();
    assert_eq!(query["error"], "login_required");

    let ada = provider.ada().await;
    let (_, query) = ada.authorize(&CLI, "email", &none).await.target();
    assert!(query.contains_key("code"));
    let (_, query) = ada.authorize(&REPORTS, "email", &none).await.target();
    assert_eq!(query["error"], "consent_required");

    let (page, query) = ada
        .authorize(&CLI, "email", &[("prompt", "login")])
        .await
        .target();
    assert!(page.ends_with("/sign-in"), "{page}");
    // Otherwise signing in would never end.
    let again = Url::parse(&query["redirect_url"]).unwrap();
    assert!(again.query_pairs().all(|(name, _)| name != "prompt"));
}

#[tokio::test]
async fn a_user_with_open_tasks_is_not_signed_in_yet() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    provider
        .control("/settings", json!({ "force_organization_selection": true }))
        .await;
    let (page, _) = ada.authorize(&CLI, "email", &[]).await.target();
    assert!(page.ends_with("/sign-in"), "{page}");
}

#[tokio::test]
async fn the_consent_page_shows_clerks_component() {
    let provider = Provider::start().await;
    let ada = provider.ada().await;
    let (page, query) = ada.authorize(&REPORTS, "email", &[]).await.target();
    let query: Vec<(&str, &str)> = query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = ada.open(&page, &query).await;
    assert!(
        page.text.contains("data-component=\"OAuthConsent\""),
        "{}",
        page.text
    );
    // A browser would apply it to the redirect to the application too.
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        !policy.contains("form-action") && policy.contains("script-src 'self'"),
        "{policy}"
    );

    // There is none for an application that does without.
    let refused = ada.get("/v1/me/oauth/consent/cli", &[]).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let stranger = provider.browser().await;
    assert_eq!(
        stranger.get("/v1/me/oauth/consent/reports", &[]).await.status,
        401
    );
    assert_eq!(ada.get("/v1/me/oauth/consent/unknown", &[]).await.status, 404);
}
