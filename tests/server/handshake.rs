use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::{Reply, TestApp, token};

#[tokio::test]
async fn the_first_page_of_a_development_instance_starts_a_handshake() {
    let key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
    let app = TestApp::with(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_secretsecretsecret"),
        ("CLERK_PROXY_URL", ""),
    ])
    .await;
    let reply = app.get("/plans?a=b").document().send().await;
    assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
    let location = reply.header("location");
    assert!(
        location.starts_with("https://app-1.clerk.accounts.dev/v1/client/handshake?"),
        "{location}"
    );
    assert!(
        location.contains("redirect_url=https%3A%2F%2Fapp.example%2Fplans%3Fa%3Db"),
        "{location}"
    );
    assert_eq!(reply.header("x-clerk-auth-status"), "handshake");
    assert_eq!(reply.header("x-clerk-auth-reason"), "dev-browser-missing");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.body, "");
    assert_eq!(reply.session_cookie(), None);
}

#[tokio::test]
async fn an_expired_session_starts_a_handshake_for_pages_but_not_for_api_calls() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").expired().cookies();
    let page = app.get("/").document().cookies(&cookies).send().await;
    assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT);
    assert!(
        page.header("location").contains("/v1/client/handshake"),
        "{}",
        page.header("location")
    );
    assert!(
        page.header("x-clerk-auth-reason")
            .starts_with("session-token-expired")
    );

    let call = app
        .get("/api/me")
        .header("accept", "application/json")
        .cookies(&cookies)
        .send()
        .await;
    assert_eq!(call.status, StatusCode::UNAUTHORIZED);
}

const NONCE: &str = "__clerk_handshake_nonce=unknown";

fn set_cookies(reply: &Reply) -> Vec<&str> {
    let cookies = reply.headers.get_all("set-cookie").iter();
    cookies.map(|value| value.to_str().unwrap()).collect()
}

/// Checks that the nonce is deleted for the host and for its parent domains, and that no other cookie of Clerk is set.
fn deletes_nonce(reply: &Reply) {
    let mut cookies = set_cookies(reply);
    cookies.retain(|cookie| !cookie.starts_with("app_session="));
    let rest = "Max-Age=0; HttpOnly; SameSite=Lax; Secure";
    let name = "__clerk_handshake_nonce";
    assert_eq!(
        cookies,
        [
            format!("{name}=; Path=/; {rest}"),
            format!("{name}=; Path=/; Domain=app.example; {rest}")
        ]
    );
}

#[tokio::test]
async fn a_link_with_a_foreign_handshake_leads_to_the_page_without_it() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    for name in ["__clerk_handshake", "__clerk_handshake_nonce"] {
        let path = format!("/plans?a=b&{name}=x");
        let reply = app.get(&path).document().cookies(&cookies).send().await;
        assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(reply.header("location"), "https://app.example/plans?a=b");
        assert_eq!(reply.header("x-clerk-auth-reason"), "handshake-in-query");
        assert!(set_cookies(&reply).is_empty());

        let call = app
            .get(&format!("/api/me?{name}=x"))
            .cookies(&cookies)
            .send()
            .await;
        assert_eq!(call.json()["user_id"], "user_1");
    }
    let reply = app.get("/plans?a=b").document().cookies(&cookies).send().await;
    assert_eq!(reply.status, StatusCode::OK);

    let app = TestApp::with(&[("CLERK_HANDSHAKE_IN_QUERY", "true")]).await;
    let reply = app
        .get("/plans?__clerk_handshake_nonce=x")
        .document()
        .cookies(&cookies);
    let reply = reply.send().await;
    assert_eq!(reply.header("x-clerk-auth-reason"), "session-token-missing");
}

#[tokio::test]
async fn an_old_nonce_in_a_cookie_changes_no_decision() {
    let app = TestApp::start().await;
    let signed_in = format!("{NONCE}; {}", token("user_1", "sess_1").cookies());
    // The browser may keep the cookie.
    for _ in 0..3 {
        let reply = app.get("/profile").document().cookies(&signed_in).send().await;
        assert_eq!(reply.status, StatusCode::OK);
        deletes_nonce(&reply);
        let call = app.get("/api/me").cookies(&signed_in).send().await;
        assert_eq!(call.json()["user_id"], "user_1");
        deletes_nonce(&call);
        let reply = app.get("/").document().cookies(NONCE).send().await;
        assert_eq!(reply.status, StatusCode::OK);
        deletes_nonce(&reply);
    }
}

#[tokio::test]
async fn an_unavailable_clerk_signs_nobody_out() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").document().cookies(&cookies).send().await.session();
    app.clerk.fail();

    let unknown = format!("{NONCE}; {session}");
    let page = app.get("/").document().cookies(&unknown).send().await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("x-clerk-auth-status"), "signed-out");
    assert_eq!(page.header("x-clerk-auth-reason"), "session-token-missing");
    let protected = app.get("/profile").document().cookies(&unknown).send().await;
    assert_eq!(protected.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(protected.title().contains("went wrong"));
    let call = app.get("/api/me").cookies(&unknown).send().await;
    assert_eq!(call.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(call.json()["errors"][0]["code"], "authentication_unavailable");
    for reply in [&protected, &call] {
        assert_eq!(reply.header("retry-after"), "2");
    }
    for reply in [&page, &protected, &call] {
        assert!(set_cookies(reply).is_empty() && reply.header("location").is_empty());
    }
    let again = app
        .get("/profile")
        .document()
        .cookies(format!("{cookies}; {session}"));
    assert_eq!(again.send().await.status, StatusCode::OK);
}

#[tokio::test]
async fn visitors_without_a_session_cause_one_call() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let visits = (0..20).map(|_| app.get("/").document().cookies(&cookies).send());
    for reply in futures_util::future::join_all(visits).await {
        assert_eq!(reply.status, StatusCode::OK);
    }
    assert_eq!(app.clerk.user_fetches(), 1);
}

#[cfg(feature = "local-clerk")]
#[tokio::test]
async fn tabs_that_return_with_one_nonce_are_all_signed_in() {
    let app = crate::support::LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let nonce = app.handshake(&user).await;
    let tab = || app.get("/profile").document().cookies(&nonce).send();
    let (first, second) = tokio::join!(tab(), tab());
    for reply in [first, second, tab().await] {
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-in");
        assert!(
            set_cookies(&reply)
                .iter()
                .any(|cookie| cookie.starts_with("__session=ey"))
        );
    }
    let call = app.get("/api/me").cookies(&nonce).send().await;
    assert_eq!(call.json()["user_id"], user.id);
}
