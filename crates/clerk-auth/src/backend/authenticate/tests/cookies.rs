//! Session cookies: the token, `__client_uat`, and the referrer.

use super::*;

#[tokio::test]
async fn signed_in() {
    Case::dev()
        .dev_browser()
        .session(ACTIVE)
        .document()
        .signs_in()
        .await;
    Case::live().session(ACTIVE).document().signs_in().await;
    Case::live().session(ACTIVE).signs_in().await;
}

#[tokio::test]
async fn tokens_outside_their_lifetime_lead_to_a_handshake() {
    let home = "http://app.test/";
    Case::dev()
        .dev_browser()
        .session(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, home)
        .await;
    Case::live()
        .session(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, home)
        .await;
    Case::dev()
        .dev_browser()
        .session(EARLY)
        .document()
        .goes_to(ENDPOINT, "session-token-nbf", home)
        .await;
    let future = json!({"sub": "user_12345", "iat": NOW + 100, "exp": NOW + 160});
    Case::live()
        .session_of(&future)
        .document()
        .goes_to(ENDPOINT, "session-token-iat-in-the-future", home)
        .await;
}

#[tokio::test]
async fn only_documents_are_redirected() {
    Case::live().session(OLD).ends_signed_out(EXPIRED).await;
    Case::live()
        .session(OLD)
        .header("sec-fetch-dest", "empty")
        .header("accept", "text/html")
        .ends_signed_out(EXPIRED)
        .await;
    Case::live()
        .session(OLD)
        .header("accept", "application/json, text/html")
        .ends_signed_out(EXPIRED)
        .await;
    Case::live()
        .session(OLD)
        .header("sec-fetch-dest", "iframe")
        .goes_through_handshake(EXPIRED)
        .await;
    Case::live()
        .session(OLD)
        .header("accept", "text/html")
        .goes_through_handshake(EXPIRED)
        .await;
    let post = Case::live().session(OLD).document().method(Method::POST);
    post.ends_signed_out("session-token-expired-refresh-non-eligible-non-get")
        .await;
    let head = Case::live().session(OLD).document().method(Method::HEAD);
    head.ends_signed_out("session-token-expired-refresh-non-eligible-non-get")
        .await;
}

#[tokio::test]
async fn token_and_client_uat_must_agree() {
    let token = |case: &Case| format!("__session={}", case.signer.sign(&claims(ACTIVE)));
    let home = "http://app.test/";
    let missing_token = "client-uat-but-no-session-token";
    Case::dev()
        .dev_browser()
        .cookie("__client_uat=1")
        .document()
        .goes_to(ENDPOINT, missing_token, home)
        .await;
    Case::live()
        .cookie("__client_uat=1")
        .document()
        .goes_to(ENDPOINT, missing_token, home)
        .await;
    Case::live()
        .cookie("__client_uat=1")
        .document()
        .method(Method::POST)
        .ends_signed_out(missing_token)
        .await;
    let nobody = "session-token-and-uat-missing";
    Case::dev()
        .dev_browser()
        .cookie("__client_uat=0")
        .document()
        .ends_signed_out(nobody)
        .await;
    Case::dev().dev_browser().document().ends_signed_out(nobody).await;
    Case::live()
        .cookie("__client_uat=0")
        .document()
        .ends_signed_out(nobody)
        .await;
    Case::live().document().ends_signed_out(nobody).await;
    let case = Case::dev().dev_browser().document();
    let cookie = token(&case);
    case.cookie(&cookie)
        .goes_to(ENDPOINT, "session-token-but-no-client-uat", home)
        .await;
    let old = "session-token-iat-before-client-uat";
    let case = Case::live().document();
    let cookie = token(&case);
    let later = format!("__client_uat={}", NOW + 10);
    case.cookie(&cookie)
        .cookie(&later)
        .goes_to(ENDPOINT, old, home)
        .await;
    let case = Case::live().document().method(Method::POST);
    let cookie = token(&case);
    case.cookie(&cookie).cookie(&later).ends_signed_out(old).await;
}

#[tokio::test]
async fn development_requires_a_browser_token() {
    let home = "http://app.test/";
    Case::dev()
        .document()
        .goes_to(ENDPOINT, "dev-browser-missing", home)
        .await;
    Case::dev()
        .session(ACTIVE)
        .document()
        .goes_to(ENDPOINT, "dev-browser-missing", home)
        .await;
    Case::dev()
        .session(ACTIVE)
        .ends_signed_out("dev-browser-missing")
        .await;
    let url = Case::dev()
        .dev_browser()
        .document()
        .at("/?__clerk_db_jwt=asdf")
        .goes_to(ENDPOINT, "dev-browser-sync", home)
        .await;
    assert_eq!(parameter(&url, "__clerk_db_jwt").as_deref(), Some("asdf"));
    Case::dev()
        .dev_browser()
        .document()
        .at("/?__clerk_db_jwt=")
        .goes_through_handshake("dev-browser-sync")
        .await;
}

#[tokio::test]
async fn the_handshake_returns_to_the_public_url() {
    let visit = |case: Case| case.at("/hello?foo=bar").session(OLD).document();
    visit(Case::live())
        .goes_to(ENDPOINT, EXPIRED, &format!("{APP}/hello?foo=bar"))
        .await;
    let forwarded = visit(Case::dev().dev_browser())
        .header("x-forwarded-host", "example.com")
        .header("x-forwarded-proto", "https");
    forwarded
        .goes_to(ENDPOINT, EXPIRED, "https://example.com/hello?foo=bar")
        .await;
    let forwarded = visit(Case::live())
        .header("x-forwarded-host", "example.com:3213")
        .header("x-forwarded-proto", "https");
    forwarded
        .goes_to(ENDPOINT, EXPIRED, "https://example.com:3213/hello?foo=bar")
        .await;
    let encoded = Case::live()
        .at("/?q=a%20b&flag&__dev_session=x")
        .session(OLD)
        .document();
    encoded
        .goes_to(ENDPOINT, EXPIRED, &format!("{APP}/?q=a+b&flag="))
        .await;
}

#[tokio::test]
async fn proxies_and_domains_change_the_frontend_api() {
    let home = "http://app.test/";
    let proxied = "https://example.com/clerk/v1/client/handshake";
    let proxy = |options: &mut Options| options.proxy_url = Some("https://example.com/clerk".to_owned());
    Case::dev()
        .options(proxy)
        .dev_browser()
        .session(OLD)
        .document()
        .goes_to(proxied, EXPIRED, home)
        .await;
    Case::live()
        .options(proxy)
        .session(OLD)
        .document()
        .goes_to(proxied, EXPIRED, home)
        .await;
    let path = |options: &mut Options| options.proxy_url = Some("/__clerk".to_owned());
    let own = "http://app.test/__clerk/v1/client/handshake";
    Case::dev()
        .options(path)
        .dev_browser()
        .session(OLD)
        .document()
        .goes_to(own, EXPIRED, home)
        .await;
    let domain = |options: &mut Options| options.domain = Some("localhost:3000".to_owned());
    Case::dev()
        .options(domain)
        .dev_browser()
        .session(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, home)
        .await;
    Case::live()
        .options(domain)
        .session(OLD)
        .document()
        .goes_to(ENDPOINT, EXPIRED, home)
        .await;
}

#[tokio::test]
async fn other_sites_may_be_satellites() {
    let visit = |key, referrer: &str| {
        Case::new(key)
            .dev_browser()
            .session(ACTIVE)
            .document()
            .header("referer", referrer)
    };
    let reason = "primary-domain-cross-origin-sync";
    for referrer in [
        "https://satellite.com/path",
        "https://accounts.example.com/",
        "https://app.test/",
    ] {
        visit(LIVE_KEY, referrer).goes_through_handshake(reason).await;
    }
    for referrer in [
        "http://app.test/x",
        "nonsense",
        "https://clerk.clerk.dev/",
        "https://accounts.clerk.dev/x",
    ] {
        visit(LIVE_KEY, referrer).signs_in().await;
    }
    for referrer in [
        "https://foo-bar-13.accounts.dev/",
        "https://accounts.foo-bar-13.lcl.dev/",
    ] {
        visit(LIVE_KEY, referrer).goes_through_handshake(reason).await;
        visit(DEV_KEY, referrer).signs_in().await;
    }
    visit(LIVE_KEY, "https://satellite.com/")
        .method(Method::POST)
        .signs_in()
        .await;
    visit(LIVE_KEY, "https://satellite.com/")
        .cookie("__clerk_redirect_count=1")
        .signs_in()
        .await;
    let fetch = Case::live()
        .session(ACTIVE)
        .header("sec-fetch-dest", "empty")
        .header("referer", "https://satellite.com/");
    fetch.signs_in().await;
}

#[tokio::test]
async fn a_redirect_loop_ends() {
    let count = |text: &str| {
        Case::live()
            .session(OLD)
            .document()
            .cookie(&format!("__clerk_redirect_count={text}"))
    };
    let state = count("1").state().await;
    assert_eq!(
        set_cookies(&state),
        ["__clerk_redirect_count=2; SameSite=Lax; HttpOnly; Max-Age=2"]
    );
    for text in [
        "3",
        "3.0",
        "4",
        "Infinity",
        "-1",
        "-0.5",
        "-1e308",
        "-Infinity",
        "NaN",
        "x",
        "0x1",
        "1 2",
    ] {
        let state = count(text).ends_signed_out(EXPIRED).await;
        assert!(location(&state).is_none() && set_cookies(&state).is_empty());
    }
}

/// Follows the redirects of a browser whose counter starts at `text`, and returns their number.
async fn redirects_from(text: &str) -> usize {
    let mut cookie = format!("__clerk_redirect_count={text}");
    for redirects in 0..=10 {
        let state = Case::live().session(OLD).document().cookie(&cookie).state().await;
        let Some(set_cookie) = set_cookies(&state).first().copied() else {
            return redirects;
        };
        cookie = set_cookie.split(';').next().unwrap().to_owned();
    }
    panic!("a loop from {text:?}")
}

#[tokio::test]
async fn no_counter_disables_the_loop_protection() {
    let mut numbers: Vec<String> = (-2_000..2_000)
        .map(|n| format!("{}", f64::from(n) / 8.0))
        .collect();
    numbers.extend(
        [
            "",
            "-",
            "--1",
            "-0",
            "1e-9",
            "-9e307",
            "%00",
            "99999999999999999999",
        ]
        .map(str::to_owned),
    );
    for text in numbers {
        assert!(redirects_from(&text).await <= 3, "{text:?}");
    }
}
