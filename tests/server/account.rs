//! The server functions of `/profile`, with a local Clerk.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{LocalApp, Reply, SignedInUser, TestRequest};

const COLOR_SCHEME: &str = "/api/account/color-scheme";
const DEVICES: &str = "/api/account/devices";
const SIGN_OUT: &str = "/api/account/devices/sign-out";
const PASSWORD: &str = "correct horse battery staple";

/// A form as a script of the page sends it.
fn form(request: TestRequest, fields: &str) -> TestRequest {
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", fields.len().to_string())
        .header("sec-fetch-site", "same-origin")
        .body(fields.to_owned())
}

async fn post(app: &LocalApp, user: &SignedInUser, path: &str, fields: &str) -> Reply {
    form(app.post(path).cookies(user.cookies()), fields).send().await
}

async fn metadata(app: &LocalApp, user: &SignedInUser) -> Value {
    let path = format!("/v1/users/{}", user.id);
    let mut user = app.backend(Method::GET, &path, &Value::Null).await;
    user["public_metadata"].take()
}

#[tokio::test]
async fn the_color_scheme_is_in_the_metadata_and_in_the_next_page() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let path = format!("/v1/users/{}/metadata", user.id);
    let other = json!({ "public_metadata": { "team": "engines" } });
    app.backend(Method::PATCH, &path, &other).await;
    // The page keeps a snapshot of the user.
    let page = app
        .get("/profile")
        .document()
        .cookies(user.cookies())
        .send()
        .await;
    let session = page.session();
    assert!(!page.body.contains("data-color-scheme"), "{}", page.body);

    for (scheme, expected) in [
        ("dark", json!({ "team": "engines", "color_scheme": "dark" })),
        ("light", json!({ "team": "engines", "color_scheme": "light" })),
        ("system", json!({ "team": "engines" })),
    ] {
        let saved = post(&app, &user, COLOR_SCHEME, &format!("color_scheme={scheme}")).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
        assert_eq!(metadata(&app, &user).await, expected);
        let cookies = format!("{}; {session}", user.cookies());
        let page = app.get("/profile").document().cookies(cookies).send().await;
        let attribute = format!("data-color-scheme=\"{scheme}\"");
        assert_eq!(
            page.body.contains(&attribute),
            scheme != "system",
            "{}",
            page.body
        );
        assert_eq!(page.body.contains("data-color-scheme"), scheme != "system");
    }
}

#[tokio::test]
async fn an_unknown_color_scheme_is_refused() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    for fields in [
        "color_scheme=blue",
        "color_scheme=",
        "color_scheme=%22%3E%3Cscript%3E",
    ] {
        let reply = post(&app, &user, COLOR_SCHEME, fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.body);
        assert_eq!(reply.json()["errors"][0]["code"], "invalid_color_scheme");
    }
    assert_eq!(metadata(&app, &user).await, json!({}));
}

#[tokio::test]
async fn strangers_and_other_sites_cannot_call_the_functions() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    for (request, fields) in [
        (app.post(COLOR_SCHEME), "color_scheme=dark"),
        (app.get(DEVICES), ""),
        (app.post(SIGN_OUT), "session_id=sess_1"),
    ] {
        let reply = form(request, fields).send().await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", reply.body);
        assert_eq!(reply.json()["errors"][0]["code"], "unauthenticated");
    }
    let forged = app
        .post(COLOR_SCHEME)
        .cookies(user.cookies())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body("color_scheme=dark");
    let reply = forged.send().await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(reply.json()["errors"][0]["code"], "cross_site_request");
    assert_eq!(metadata(&app, &user).await, json!({}));
}

#[tokio::test]
async fn without_javascript_the_form_returns_to_its_page() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let request = app.post(COLOR_SCHEME).document().cookies(user.cookies());
    let request = request.header("referer", "https://app.example/profile");
    let reply = form(request, "color_scheme=dark").send().await;
    assert_eq!(reply.status, StatusCode::FOUND, "{}", reply.body);
    assert_eq!(reply.header("location"), "/profile");
    assert_eq!(metadata(&app, &user).await, json!({ "color_scheme": "dark" }));
}

#[tokio::test]
async fn without_javascript_a_failure_is_shown_on_the_page() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let fault = json!({ "api": "backend", "path": "/v1/users/{id}/metadata", "status": 422 });
    app.backend(Method::POST, "/_emulate/faults", &fault).await;
    let request = app.post(COLOR_SCHEME).document().cookies(user.cookies());
    let request = request.header("referer", "https://app.example/profile");
    let reply = form(request, "color_scheme=dark").send().await;
    assert_eq!(reply.status, StatusCode::FOUND, "{}", reply.body);
    let location = reply
        .header("location")
        .strip_prefix("https://app.example")
        .unwrap();
    let page = app.get(location).document().cookies(user.cookies()).send().await;
    assert!(page.body.contains("Not saved."), "{location}: {}", page.body);
    let page = app
        .get("/profile")
        .document()
        .cookies(user.cookies())
        .send()
        .await;
    assert!(!page.body.contains("Not saved."));
}

#[tokio::test]
async fn without_javascript_a_stale_cookie_loses_nothing() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let token = json!({ "session_id": user.session_id, "expires_in": -60 });
    let stale = app.backend(Method::POST, "/_emulate/tokens", &token).await;
    let cookies = format!("__client_uat=1; __session={}", stale["jwt"].as_str().unwrap());
    let reply = form(
        app.post(COLOR_SCHEME).document().cookies(cookies),
        "color_scheme=dark",
    )
    .send()
    .await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(
        reply.body.contains("name=\"color_scheme\" value=\"dark\""),
        "{}",
        reply.body
    );
    assert_eq!(metadata(&app, &user).await, json!({}));
}

#[tokio::test]
async fn only_the_callers_own_devices_are_listed() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let elsewhere = app.sign_in("ada@example.com", PASSWORD).await;
    let stranger = app.sign_up("grace@example.com").await;
    let reply = app.get(DEVICES).cookies(user.cookies()).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let list = reply.json();
    let list = list.as_str().unwrap();
    assert_eq!(list.matches("<li>").count(), 2, "{list}");
    assert_eq!(list.matches("This device").count(), 1, "{list}");
    assert!(
        list.contains(&format!("value=\"{}\"", elsewhere.session_id)),
        "{list}"
    );
    assert!(
        !list.contains(&user.session_id) && !list.contains(&stranger.session_id),
        "{list}"
    );
}

#[tokio::test]
async fn signing_out_another_device_takes_effect_at_once() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let elsewhere = app.sign_in("ada@example.com", PASSWORD).await;
    let fields = format!("session_id={}", elsewhere.session_id);
    let reply = post(&app, &user, SIGN_OUT, &fields).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    // Its token is valid for a minute.
    let refused = app.get("/api/me").cookies(elsewhere.cookies()).send().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let own = app.get("/api/me").cookies(user.cookies()).send().await;
    assert_eq!(own.status, StatusCode::OK);
    let again = post(&app, &user, SIGN_OUT, &fields).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.body);
}

#[tokio::test]
async fn neither_this_device_nor_somebody_elses_can_be_signed_out() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let stranger = app.sign_up("grace@example.com").await;
    for (session_id, status, code) in [
        (
            &user.session_id,
            StatusCode::UNPROCESSABLE_ENTITY,
            "current_session",
        ),
        (&stranger.session_id, StatusCode::NOT_FOUND, "session_not_found"),
        (&"../users".to_owned(), StatusCode::NOT_FOUND, "session_not_found"),
    ] {
        let reply = post(&app, &user, SIGN_OUT, &format!("session_id={session_id}")).await;
        assert_eq!(reply.status, status, "{}", reply.body);
        assert_eq!(reply.json()["errors"][0]["code"], code);
    }
    for user in [&user, &stranger] {
        let reply = app.get("/api/me").cookies(user.cookies()).send().await;
        assert_eq!(reply.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn signing_out_a_device_needs_a_recent_verification() {
    let app = LocalApp::start().await;
    let user = app.sign_up("ada@example.com").await;
    let elsewhere = app.sign_in("ada@example.com", PASSWORD).await;
    app.backend(Method::POST, "/_emulate/clock", &json!({ "advance": "11m" }))
        .await;
    let token = json!({ "session_id": user.session_id });
    let later = app.backend(Method::POST, "/_emulate/tokens", &token).await;
    let cookies = format!("__client_uat=1; __session={}", later["jwt"].as_str().unwrap());
    let fields = format!("session_id={}", elsewhere.session_id);
    let reply = form(app.post(SIGN_OUT).cookies(cookies), &fields).send().await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.body);
    assert_eq!(reply.json()["clerk_error"]["reason"], "reverification-error");
    let still = app.get("/api/me").cookies(elsewhere.cookies()).send().await;
    assert_eq!(still.status, StatusCode::OK);
}
