use http::Method;
use serde_json::{Value, json};
use url::Url;

use super::{APP, Answer, Local};
use crate::Instance;

const TO_PROFILE: &str =
    "/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%3A5001%2Fprofile%3Ftab%3D1";

fn location(answer: &Answer) -> Url {
    assert_eq!(answer.status.as_u16(), 307, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().parse().unwrap()
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// The value of the last cookie of this name.
fn value<'a>(set_cookies: &'a Value, name: &str) -> &'a str {
    let found = set_cookies.as_array().unwrap().iter().filter_map(Value::as_str);
    let found = found.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
    found
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .next_back()
        .unwrap()
}

async fn exchange(local: &Local, nonce: &str) -> Answer {
    local
        .backend(
            Method::GET,
            &format!("/v1/clients/handshake_payload?nonce={nonce}"),
            &Value::Null,
        )
        .await
}

#[tokio::test]
async fn development_handshake_returns_a_nonce_in_the_url() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let suffix = local.shared.keys.cookie_suffix.clone();
    let back = browser
        .get(&format!("{TO_PROFILE}&format=nonce&suffixed_cookies=true"))
        .await;
    let back = location(&back);
    assert!(back.as_str().starts_with("http://localhost:5001/profile?tab=1&"));
    let nonce = query(&back, "__clerk_handshake_nonce").unwrap();

    let payload_path = format!("/v1/clients/handshake_payload?nonce={nonce}");
    let looked_at = local.backend(Method::HEAD, &payload_path, &Value::Null).await;
    assert!(looked_at.status.is_success() && looked_at.text.is_empty());
    let payload = exchange(&local, &nonce).await.ok();
    let directives = &payload["directives"];
    let dev_browser = browser.dev_browser.clone().unwrap();
    for name in ["__clerk_db_jwt".to_owned(), format!("__clerk_db_jwt_{suffix}")] {
        assert_eq!(value(directives, &name), dev_browser);
    }
    let token = value(directives, "__session");
    assert_eq!(value(directives, &format!("__session_{suffix}")), token);
    let (_, claims) = local.verify(token, &browser.jwks().await);
    assert_eq!(claims["azp"], APP);
    let uat: i64 = value(directives, "__client_uat").parse().unwrap();
    assert!(uat > 0 && claims["iat"].as_i64().unwrap() >= uat);
    assert_eq!(
        value(directives, &format!("__client_uat_{suffix}")),
        uat.to_string()
    );

    assert_eq!(
        exchange(&local, &nonce).await.error(),
        (404, "resource_not_found"),
        "a nonce is accepted once"
    );
}

#[tokio::test]
async fn handshake_creates_a_missing_dev_browser() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for unknown in [None, Some("dvb_unknown".to_owned())] {
        browser.dev_browser = unknown;
        let back = location(&browser.get(&format!("{TO_PROFILE}&format=nonce")).await);
        let payload = exchange(&local, &query(&back, "__clerk_handshake_nonce").unwrap())
            .await
            .ok();
        let directives = &payload["directives"];
        assert!(value(directives, "__clerk_db_jwt").starts_with("dvb_"));
        assert_ne!(value(directives, "__clerk_db_jwt"), "dvb_unknown");
        assert_eq!(
            (value(directives, "__session"), value(directives, "__client_uat")),
            ("", "0")
        );
        browser.dev_browser = Some(value(directives, "__clerk_db_jwt").to_owned());
        assert!(browser.get("/v1/client").await.ok()["response"].is_null());
    }
}

#[tokio::test]
async fn a_handshake_without_the_parameter_takes_the_dev_browser_from_the_cookie() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    browser.remember_dev_browser();
    let dev_browser = browser.dev_browser.take().unwrap();
    let back = location(&browser.get(&format!("{TO_PROFILE}&format=nonce")).await);
    let nonce = query(&back, "__clerk_handshake_nonce").unwrap();
    let payload = exchange(&local, &nonce).await.ok();
    let directives = &payload["directives"];
    assert_eq!(value(directives, "__clerk_db_jwt"), dev_browser);
    assert_ne!(value(directives, "__session"), "");
}

#[tokio::test]
async fn handshake_in_token_format_is_signed() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let back = location(&browser.get(TO_PROFILE).await);
    let handshake = query(&back, "__clerk_handshake").unwrap();
    let jwks = browser.jwks().await;
    let (_, claims) = local.verify(&handshake, &jwks);
    let (_, session) = local.verify(value(&claims["handshake"], "__session"), &jwks);
    assert_eq!(session["sts"], "active");
}

#[tokio::test]
async fn production_handshake_returns_a_cookie() {
    let local = Local::new(Instance::Production).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let suffix = local.shared.keys.cookie_suffix.clone();
    assert!(browser.cookie("__client").is_some());
    let uat = browser.cookie("__client_uat").unwrap().to_owned();
    assert!(uat.parse::<i64>().unwrap() > 0);
    assert_eq!(
        browser.cookie(&format!("__client_uat_{suffix}")),
        Some(uat.as_str())
    );

    let answer = browser.get(&format!("{TO_PROFILE}&format=nonce")).await;
    assert_eq!(location(&answer).as_str(), "http://localhost:5001/profile?tab=1");
    let nonce_cookie = answer
        .cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("__clerk_handshake_nonce="))
        .unwrap();
    assert!(nonce_cookie.contains("HttpOnly") && nonce_cookie.contains("SameSite=Lax"));
    let payload = exchange(&local, browser.cookie("__clerk_handshake_nonce").unwrap())
        .await
        .ok();
    local.verify(value(&payload["directives"], "__session"), &browser.jwks().await);
    assert_eq!(
        value(&payload["directives"], "__clerk_handshake_nonce"),
        "",
        "a cookie that is accepted once is removed"
    );

    browser
        .call(Method::DELETE, "/v1/client/sessions", &[])
        .await
        .ok();
    assert_eq!(browser.cookie("__client_uat"), Some("0"));
    assert_eq!(
        browser.post("/v1/dev_browser", &[]).await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn client_cookie_is_http_only() {
    let local = Local::new(Instance::Production).await;
    let mut browser = local.browser().await;
    let answer = browser
        .post("/v1/client/sign_ups", &[("email_address", "jane@example.com")])
        .await;
    let cookie = answer
        .cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("__client="))
        .unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"));
    let token = browser.cookie("__client").unwrap();
    assert!(
        !answer.text.contains(token),
        "the reply does not contain the value of the cookie"
    );
}

#[tokio::test]
async fn handshake_redirects_only_to_the_app() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for bad in [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost@evil.example/",
        "",
    ] {
        let path = format!("/v1/client/handshake?redirect_url={bad}");
        assert_eq!(browser.get(&path).await.status.as_u16(), 422, "{bad}");
    }
}

#[tokio::test]
async fn refresh_token_yields_new_cookies_without_the_browser() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let back = location(&browser.get(&format!("{TO_PROFILE}&format=nonce")).await);
    let payload = exchange(&local, &query(&back, "__clerk_handshake_nonce").unwrap())
        .await
        .ok();
    let suffix = local.shared.keys.cookie_suffix.clone();
    let refresh = value(&payload["directives"], &format!("__refresh_{suffix}"));
    let session = browser.session_id().await;
    let path = format!("/v1/sessions/{session}/refresh?suffixed_cookies=true");
    let body = |token: &str| json!({ "format": "cookie", "refresh_token": token, "request_origin": APP });
    let wrong = local.backend(Method::POST, &path, &body("wrong")).await;
    assert_eq!(wrong.error(), (400, "invalid_refresh_token"));
    let refreshed = local.backend(Method::POST, &path, &body(refresh)).await.ok();
    let (_, claims) = local.verify(value(&refreshed["cookies"], "__session"), &browser.jwks().await);
    assert_eq!((&claims["sid"], &claims["azp"]), (&json!(session), &json!(APP)));
    let alone = json!({ "refresh_token": refresh, "request_origin": APP });
    let alone = local.backend(Method::POST, &path, &alone).await.ok();
    let (_, claims) = local.verify(alone["jwt"].as_str().unwrap(), &browser.jwks().await);
    assert_eq!((&claims["sid"], &claims["azp"]), (&json!(session), &json!(APP)));

    browser
        .call(Method::DELETE, "/v1/client/sessions", &[])
        .await
        .ok();
    assert_eq!(
        local.backend(Method::POST, &path, &body(refresh)).await.error(),
        (400, "session_not_active")
    );
}
