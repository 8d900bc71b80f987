//! The pages for apps without pages of their own, over HTTP.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use local_clerk::{LocalClerk, LocalClerkBuilder};
use reqwest::Response;
use serde_json::Value;
use url::{Host, Url, form_urlencoded};

const PAGES: [(&str, &str); 7] = [
    ("/sign-in", "SignIn"),
    ("/sign-up", "SignUp"),
    ("/user", "UserProfile"),
    ("/organization", "OrganizationProfile"),
    ("/create-organization", "CreateOrganization"),
    ("/waitlist", "Waitlist"),
    ("/oauth-consent", "OAuthConsent"),
];

async fn get(clerk: &LocalClerk, path: &str) -> Response {
    reqwest::get(format!("{}{path}", clerk.api_url())).await.unwrap()
}

/// The page that leads back to this address.
async fn leading_to(clerk: &LocalClerk, redirect_url: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("redirect_url", redirect_url)
        .finish();
    get(clerk, &format!("/sign-in?{query}")).await
}

async fn start(builder: LocalClerkBuilder) -> LocalClerk {
    builder.start().await.unwrap()
}

#[tokio::test]
async fn every_page_loads_clerk_js_and_its_component() {
    let clerk = start(LocalClerk::builder()).await;
    for (path, component) in PAGES {
        let page = get(&clerk, path).await;
        assert_eq!(page.status(), 200, "{path}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self'; connect-src 'self'"),
            "{policy}"
        );
        let html = page.text().await.unwrap();
        for expected in [
            format!("data-component=\"{component}\""),
            format!(
                "data-clerk-publishable-key=\"{}\"",
                clerk.keys().publishable_key()
            ),
            "data-clerk-proxy-url=\"/__clerk\"".to_owned(),
            "src=\"/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js\"".to_owned(),
            // There is no app to go back to.
            "data-target=\"/user\"".to_owned(),
        ] {
            assert!(html.contains(&expected), "{path}: {expected}");
        }
    }
    let script = get(&clerk, "/account-portal.js").await;
    assert_eq!(script.headers()["content-type"], "text/javascript");
}

#[tokio::test]
async fn a_page_leads_back_to_apps_only() {
    let clerk = start(
        LocalClerk::builder()
            .app_url(Url::parse("https://app.example:8443/start").unwrap())
            .allowed_hosts([Host::Domain("shop.example".to_owned())]),
    )
    .await;
    let html = get(&clerk, "/sign-in").await.text().await.unwrap();
    assert!(
        html.contains("data-target=\"https://app.example:8443/\""),
        "{html}"
    );
    assert!(html.contains("data-hosts=\"app.example shop.example\""), "{html}");
    for (redirect_url, target) in [
        (
            "http://localhost:3000/a?b=c",
            "http://localhost:3000/a?b=c".to_owned(),
        ),
        ("https://shop.example/", "https://shop.example/".to_owned()),
        ("/user", format!("{}/user", clerk.api_url())),
        ("", "https://app.example:8443/".to_owned()),
        (
            "http://localhost/\"><script>",
            "http://localhost/%22%3E%3Cscript%3E".to_owned(),
        ),
    ] {
        let html = leading_to(&clerk, redirect_url).await.text().await.unwrap();
        assert!(
            html.contains(&format!("data-target=\"{target}\"")),
            "{redirect_url}: {html}"
        );
    }
    for redirect_url in [
        "https://evil.example/",
        "//evil.example/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "http://me:secret@localhost/",
        "javascript:alert(1)",
        "data:text/html,hello",
    ] {
        let refused = leading_to(&clerk, redirect_url).await;
        assert_eq!(refused.status(), 422, "{redirect_url}");
        let error: Value = refused.json().await.unwrap();
        assert_eq!(error["errors"][0]["meta"]["param_name"], "redirect_url");
    }
}
