use axum::{body::Body, extract::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, header};
use serde_json::json;

use super::{Local, PASSWORD};
use crate::Instance;

#[tokio::test]
async fn updates_names_and_metadata() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let fields = [("first_name", "Janet"), ("last_name", "")];
    let changed = browser.call(Method::PATCH, "/v1/me", &fields).await.ok();
    assert_eq!(changed["response"]["first_name"], "Janet");
    assert!(changed["response"]["last_name"].is_null());
    assert_eq!(changed["client"]["sessions"][0]["user"]["first_name"], "Janet");
    let metadata = [("unsafe_metadata", r#"{"theme":"dark"}"#)];
    let merged = browser
        .call(Method::PATCH, "/v1/me/metadata", &metadata)
        .await
        .ok();
    assert_eq!(merged["response"]["unsafe_metadata"], json!({ "theme": "dark" }));
    assert!(browser.get("/v1/me").await.ok()["response"]["private_metadata"].is_null());
}

#[tokio::test]
async fn adds_verifies_promotes_and_removes_an_email_address() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let first = browser.get("/v1/me").await.ok()["response"]["primary_email_address_id"].clone();
    let first_path = format!("/v1/me/email_addresses/{}", first.as_str().unwrap());
    let listed = browser.get("/v1/me/email_addresses").await.ok();
    assert_eq!(listed[0], browser.get(&first_path).await.ok()["response"]);
    let last = browser.call(Method::DELETE, &first_path, &[]).await;
    assert_eq!(last.error(), (400, "last_identification_deletion_failed"));

    let added = browser
        .post(
            "/v1/me/email_addresses/",
            &[("email_address", "second@example.com")],
        )
        .await
        .ok();
    let id = added["response"]["id"].as_str().unwrap().to_owned();
    let primary = [("primary_email_address_id", id.as_str())];
    let early = browser.call(Method::PATCH, "/v1/me", &primary).await;
    assert_eq!(early.error(), (422, "form_param_value_invalid"));

    let path = format!("/v1/me/email_addresses/{id}");
    browser
        .post(
            &format!("{path}/prepare_verification"),
            &[("strategy", "email_code")],
        )
        .await
        .ok();
    let wrong = browser
        .post(&format!("{path}/attempt_verification"), &[("code", "000000")])
        .await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    let verified = browser
        .post(&format!("{path}/attempt_verification"), &[("code", "424242")])
        .await
        .ok();
    assert_eq!(verified["response"]["verification"]["status"], "verified");
    browser.call(Method::PATCH, "/v1/me", &primary).await.ok();
    browser.call(Method::DELETE, &first_path, &[]).await.ok();
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me["response"]["email_addresses"].as_array().unwrap().len(), 1);
    assert_eq!(me["response"]["primary_email_address_id"], id.as_str());

    let mut other = local.browser().await;
    let released = other
        .post("/v1/client/sign_ups", &[("email_address", "jane@example.com")])
        .await;
    assert_eq!(
        released.status.as_u16(),
        200,
        "a removed address can be added again"
    );
}

#[tokio::test]
async fn changes_the_password_given_the_current_one() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let wrong = [("new_password", "brand new one"), ("current_password", "wrong")];
    let refused = browser.post("/v1/me/change_password", &wrong).await;
    assert_eq!(refused.error(), (422, "form_password_incorrect"));
    let right = [("new_password", "brand new one"), ("current_password", PASSWORD)];
    browser.post("/v1/me/change_password", &right).await.ok();
    let mut other = local.browser().await;
    let fields = [("identifier", "jane@example.com"), ("password", "brand new one")];
    let signed_in = other.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(signed_in["response"]["status"], "complete");

    let devices = browser.get("/v1/me/sessions/active").await.ok();
    let mut sessions = browser.get("/v1/me/sessions").await.ok();
    for session in sessions.as_array_mut().unwrap() {
        let user = session["user"].take();
        assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
    }
    assert_eq!(sessions, devices);
    assert_eq!(devices.as_array().unwrap().len(), 2);
    assert!(devices[0]["latest_activity"]["id"].is_string());
    let theirs = other.session_id().await;
    browser
        .post(&format!("/v1/me/sessions/{theirs}/revoke"), &[])
        .await
        .ok();
    assert_eq!(other.get("/v1/me").await.error(), (401, "authentication_invalid"));
    assert_eq!(
        browser
            .get("/v1/me/sessions/active")
            .await
            .ok()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn requires_the_current_password_if_reverification_is_disabled() {
    let new = [("new_password", "brand new one")];
    for (setting, status) in [(true, 200), (false, 422)] {
        let local = Local::with_seed(&format!("[settings]\nreverification = {setting}\n")).await;
        let mut browser = local.signed_up("jane@example.com").await;
        let answer = browser.post("/v1/me/change_password", &new).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
}

#[tokio::test]
async fn removes_the_password_given_the_current_one() {
    let path = "/v1/me/remove_password";
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let required = browser.post(path, &[("current_password", PASSWORD)]).await;
    assert_eq!(required.error(), (400, "password_required"));

    let local = Local::with_seed("[settings]\npassword = \"optional\"\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    let wrong = browser.post(path, &[("current_password", "wrong")]).await;
    assert_eq!(wrong.error(), (422, "form_password_incorrect"));
    let removed = browser.post(path, &[("current_password", PASSWORD)]).await.ok();
    assert_eq!(removed["response"]["password_enabled"], false);
    let again = browser.post(path, &[("current_password", PASSWORD)]).await;
    assert_eq!(again.error(), (400, "no_password_set"));
}

#[tokio::test]
async fn uploads_and_serves_a_profile_image() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let path = "/v1/me/profile_image";
    let refused = browser.upload(Method::POST, path, "<svg/>").await;
    assert_eq!(refused.error(), (422, "form_param_format_invalid"));
    browser.upload(Method::POST, path, "GIF89a-not-really").await.ok();
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me["response"]["has_image"], true);
    let url = me["response"]["image_url"]
        .as_str()
        .unwrap()
        .split("/__clerk")
        .last()
        .unwrap()
        .to_owned();
    let image = browser.get(&url).await;
    assert_eq!(image.headers[header::CONTENT_TYPE], "image/gif");
    assert_eq!(image.text, "GIF89a-not-really");
    browser
        .call(Method::DELETE, "/v1/me/profile_image", &[])
        .await
        .ok();
    assert_eq!(browser.get(&url).await.error(), (404, "resource_not_found"));
}

/// clerk-js sends an image that it is given as a data URL as base64 text.
#[tokio::test]
async fn uploads_a_base64_profile_image() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let url = format!(
        "/__clerk/v1/me/profile_image?__clerk_db_jwt={}",
        browser.dev_browser.as_deref().unwrap()
    );
    for (text, status) in [
        (
            format!("data:image/gif;base64,{}", STANDARD.encode("GIF89a")),
            200,
        ),
        (STANDARD.encode("GIF89a"), 200),
        ("no picture".to_owned(), 422),
    ] {
        let request = Request::post(&url)
            .header(header::HOST, "localhost:5002")
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let answer = local.send(request.body(Body::from(text)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    assert_eq!(browser.get("/v1/me").await.ok()["response"]["has_image"], true);
}

#[tokio::test]
async fn deletes_an_account_with_its_sessions() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let deleted = browser.call(Method::DELETE, "/v1/me", &[]).await.ok();
    assert_eq!(deleted["response"]["deleted"], true);
    assert_eq!(deleted["client"]["sessions"], json!([]));
    assert_eq!(
        browser.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );
    local.signed_up("jane@example.com").await;
}
