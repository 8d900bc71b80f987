//! The server functions of the profile.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{LocalApp, Reply, SignedInUser, TestApp, TestRequest, token};

const PASSWORD: &str = "correct horse battery staple";

/// A post of the app's own page.
fn posted(request: TestRequest, form: &str) -> TestRequest {
    request
        .header("origin", "https://app.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", form.len().to_string())
        .body(form.to_owned())
}

/// A call by the WebAssembly of the app.
async fn call(app: &LocalApp, user: &SignedInUser, function: &str, form: &str) -> Reply {
    let request = posted(app.post(&format!("/api/{function}")), form);
    request
        .header("accept", "application/json")
        .cookies(user.cookies())
        .send()
        .await
}

/// A form that a browser sends without JavaScript.
fn form(app: &LocalApp, function: &str, form: &str) -> TestRequest {
    posted(app.post(&format!("/api/{function}")), form)
        .document()
        .header("referer", "https://app.example/profile")
}

async fn page(app: &LocalApp, path: &str, user: &SignedInUser) -> String {
    let page = app.get(path).document().cookies(user.cookies()).send().await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    page.body
}

fn code(reply: &Reply) -> String {
    reply.json()["errors"][0]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn preferences_are_in_the_first_byte_of_the_next_page() {
    let app = LocalApp::start().await;
    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let before = page(&app, "/profile", &ada).await;
    assert!(before.contains("Hello, ada") && !before.contains("data-color-scheme"));

    let reply = call(
        &app,
        &ada,
        "preferences",
        "color_scheme=dark&greeting=+Moin+%3Cb%3E+",
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    for path in ["/profile", "/"] {
        let page = page(&app, path, &ada).await;
        assert!(
            page.contains("<html lang=\"en\" data-color-scheme=\"dark\">"),
            "{path}"
        );
        assert!(
            page.contains("<meta name=\"color-scheme\" content=\"dark\">"),
            "{path}"
        );
    }
    assert!(page(&app, "/profile", &ada).await.contains("Moin &lt;b&gt;, ada"));
    let path = format!("/v1/users/{}", ada.id);
    let metadata = app.backend(Method::GET, &path, &Value::Null).await["public_metadata"].clone();
    assert_eq!(
        metadata,
        json!({ "color_scheme": "dark", "greeting": "Moin <b>" })
    );

    // Those of nobody else, and of no signed-out visitor.
    let grace = app.sign_up("grace+clerk_test@example.com").await;
    assert!(!page(&app, "/profile", &grace).await.contains("data-color-scheme"));
    assert!(
        !app.get("/")
            .document()
            .send()
            .await
            .body
            .contains("data-color-scheme")
    );

    call(&app, &ada, "preferences", "color_scheme=system&greeting=").await;
    let after = page(&app, "/profile", &ada).await;
    assert!(after.contains("Hello, ada") && !after.contains("data-color-scheme"));
}

#[tokio::test]
async fn a_form_without_javascript_leads_back_to_the_profile() {
    let app = LocalApp::start().await;
    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let saved = form(&app, "preferences", "color_scheme=light&greeting=Moin")
        .cookies(ada.cookies())
        .send()
        .await;
    assert!(saved.status.is_redirection(), "{}", saved.status);
    assert_eq!(saved.header("location"), "https://app.example/profile");
    assert!(
        page(&app, "/profile", &ada)
            .await
            .contains("data-color-scheme=\"light\"")
    );

    let refused = form(&app, "preferences", "color_scheme=pink&greeting=")
        .cookies(ada.cookies())
        .send()
        .await;
    assert!(refused.status.is_redirection(), "{}", refused.status);
    let back = refused
        .header("location")
        .strip_prefix("https://app.example")
        .unwrap();
    assert!(
        page(&app, back, &ada)
            .await
            .contains("There is no such colour scheme.")
    );
}

#[tokio::test]
async fn a_form_of_somebody_who_is_signed_out_is_kept() {
    let app = LocalApp::start().await;
    let kept = form(&app, "preferences", "color_scheme=dark&greeting=Moin+%22you%22")
        .send()
        .await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    for part in [
        "action=\"/api/preferences\"",
        "name=\"greeting\" value=\"Moin &quot;you&quot;\"",
        "redirect_url=%2Fprofile",
    ] {
        assert!(kept.body.contains(part), "{part}: {}", kept.body);
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_a_typed_error() {
    let app = LocalApp::start().await;
    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let long = format!("color_scheme=dark&greeting={}", "a".repeat(31));
    for (form, expected) in [
        ("color_scheme=pink&greeting=", "unknown_color_scheme"),
        ("color_scheme=&greeting=", "unknown_color_scheme"),
        ("color_scheme=dark&greeting=a%0Ab", "invalid_greeting"),
        (long.as_str(), "invalid_greeting"),
    ] {
        let reply = call(&app, &ada, "preferences", form).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert_eq!(code(&reply), expected, "{form}");
    }
    assert!(!page(&app, "/profile", &ada).await.contains("data-color-scheme"));
}

#[tokio::test]
async fn another_device_is_signed_out_at_once() {
    let app = LocalApp::start().await;
    let phone = app.sign_up("ada+clerk_test@example.com").await;
    let laptop = app.sign_in("ada+clerk_test@example.com", PASSWORD).await;
    let devices = call(&app, &laptop, "devices", "").await.json();
    let listed: Vec<_> = devices.as_array().unwrap().iter().collect();
    assert_eq!(listed.len(), 2, "{devices}");
    assert_eq!(
        (&listed[0]["session_id"], &listed[0]["is_current"]),
        (&laptop.session_id.clone().into(), &true.into())
    );
    assert_eq!(
        (&listed[1]["session_id"], &listed[1]["is_current"]),
        (&phone.session_id.clone().into(), &false.into())
    );

    let form = format!("session_id={}", phone.session_id);
    for _ in 0..2 {
        let reply = call(&app, &laptop, "devices/sign_out", &form).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let me = |user: &SignedInUser| app.get("/api/me").cookies(user.cookies()).send();
        assert_eq!(me(&phone).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(me(&laptop).await.status, StatusCode::OK);
    }
    assert_eq!(
        call(&app, &laptop, "devices", "")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn nobody_signs_somebody_else_out() {
    let app = LocalApp::start().await;
    let ada = app.sign_up("ada+clerk_test@example.com").await;
    let grace = app.sign_up("grace+clerk_test@example.com").await;
    for id in [
        grace.session_id.as_str(),
        "sess_unknown",
        "",
        "..",
        "a%2Fb",
        "%F0%9F%92%A5",
    ] {
        let reply = call(&app, &ada, "devices/sign_out", &format!("session_id={id}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{id}: {}", reply.body);
        assert_eq!(code(&reply), "not_found", "{id}");
    }
    let reply = call(
        &app,
        &ada,
        "devices/sign_out",
        &format!("session_id={}", ada.session_id),
    )
    .await;
    assert_eq!(
        (reply.status, code(&reply).as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "current_session")
    );
    for user in [&ada, &grace] {
        let me = app.get("/api/me").cookies(user.cookies()).send().await;
        assert_eq!(me.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn strangers_and_other_sites_call_nothing() {
    let app = TestApp::start().await;
    for function in ["preferences", "devices", "devices/sign_out"] {
        let path = format!("/api/{function}");
        let stranger = posted(app.post(&path), "color_scheme=dark&greeting=&session_id=sess_1")
            .send()
            .await;
        assert_eq!(
            (stranger.status, code(&stranger).as_str()),
            (StatusCode::UNAUTHORIZED, "unauthenticated")
        );
        let cookies = token("user_1", "sess_1").cookies();
        let elsewhere = app
            .post(&path)
            .header("origin", "https://evil.example")
            .cookies(cookies)
            .send()
            .await;
        assert_eq!(
            (elsewhere.status, code(&elsewhere).as_str()),
            (StatusCode::FORBIDDEN, "cross_site_request")
        );
    }
}

#[tokio::test]
async fn signing_out_elsewhere_needs_a_recent_verification() {
    let app = TestApp::start().await;
    // The token says nothing about when the user was verified.
    let cookies = token("user_1", "sess_1").cookies();
    let request = posted(app.post("/api/devices/sign_out"), "session_id=sess_2").cookies(cookies);
    let reply = request.send().await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    let error = &reply.json()["clerk_error"];
    assert_eq!(error["reason"], "reverification-error");
    assert_eq!(
        error["metadata"]["reverification"],
        json!({ "level": "first_factor", "afterMinutes": 10 })
    );
}

#[tokio::test]
async fn a_backend_api_that_is_down_is_a_503() {
    let app = TestApp::with(&[("CLERK_API_URL", "http://127.0.0.1:1")]).await;
    let cookies = token("user_1", "sess_1").cookies();
    for (function, form) in [("preferences", "color_scheme=dark&greeting="), ("devices", "")] {
        let request = posted(app.post(&format!("/api/{function}")), form).cookies(&cookies);
        let reply = request.send().await;
        assert_eq!(
            reply.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{function}: {}",
            reply.body
        );
        assert!(!reply.header("retry-after").is_empty());
    }
}
