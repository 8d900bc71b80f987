use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD, oauth};

/// The status of the session and the keys of its tasks, according to both the client and its token.
async fn pending(local: &Local, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    let client = browser.get("/v1/client").await.ok();
    let session = &client["response"]["sessions"][0];
    let status = session["status"].as_str().unwrap().to_owned();
    let (_, claims) = local.verify(
        session["last_active_token"]["jwt"].as_str().unwrap(),
        &browser.jwks().await,
    );
    assert_eq!(claims["sts"], status.as_str());
    let tasks = session["tasks"].as_array().cloned().unwrap_or_default();
    let keys = tasks.iter().map(|task| task["key"].as_str().unwrap().to_owned());
    (status, keys.collect())
}

fn task(key: &str) -> (String, Vec<String>) {
    ("pending".to_owned(), vec![key.to_owned()])
}

fn none() -> (String, Vec<String>) {
    ("active".to_owned(), Vec::new())
}

async fn sign_in<'a>(local: &'a Local, email_address: &str) -> Browser<'a> {
    let mut browser = local.browser().await;
    let fields = [("identifier", email_address), ("password", PASSWORD)];
    let done = browser.post("/v1/client/sign_ins", &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    browser
}

#[tokio::test]
async fn session_is_pending_until_an_organization_is_chosen() {
    let local = Local::with_seed("[settings]\nforce_organization_selection = true\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(
        environment["organization_settings"]["force_organization_selection"],
        true
    );
    assert_eq!(pending(&local, &mut browser).await, task("choose-organization"));
    let id = browser.session_id().await;
    let backend = local
        .backend(Method::GET, &format!("/v1/sessions/{id}"), &Value::Null)
        .await
        .ok();
    assert_eq!(backend["status"], "pending");

    let created = browser.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let touch = [(
        "active_organization_id",
        created["response"]["id"].as_str().unwrap(),
    )];
    let touched = browser
        .post(&format!("/v1/client/sessions/{id}/touch"), &touch)
        .await
        .ok();
    assert_eq!(touched["response"]["tasks"], json!(null));
    assert_eq!(pending(&local, &mut browser).await, none());

    let mut returning = sign_in(&local, "jane@example.com").await;
    assert_eq!(pending(&local, &mut returning).await, task("choose-organization"));
    // A social connection does not skip the tasks.
    let mut social = local.browser().await;
    let target = oauth::signed_in(&mut social, "jane@example.com").await;
    assert!(target.contains("/sso-callback"), "{target}");
}

#[tokio::test]
async fn compromised_password_must_be_reset_after_the_next_sign_in() {
    let local = Local::with_seed("[settings]\nreverification = false\n").await;
    let mut earlier = local.signed_up("jane@example.com").await;
    let me = earlier.get("/v1/me").await.ok();
    let path = format!("/v1/users/{}/password", me["response"]["id"].as_str().unwrap());
    let set = format!("{path}/set_compromised");
    local.backend(Method::POST, &set, &Value::Null).await.ok();
    assert_eq!(pending(&local, &mut earlier).await, none());
    let mut browser = sign_in(&local, "jane@example.com").await;
    assert_eq!(pending(&local, &mut browser).await, task("reset-password"));
    let unset = format!("{path}/unset_compromised");
    local.backend(Method::POST, &unset, &Value::Null).await.ok();
    assert_eq!(pending(&local, &mut browser).await, none());

    let all = json!({ "revoke_all_sessions": true });
    local.backend(Method::POST, &set, &all).await.ok();
    assert_eq!(
        browser.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );
    let mut browser = sign_in(&local, "jane@example.com").await;
    let new = [("new_password", "another horse battery")];
    browser.post("/v1/me/change_password", &new).await.ok();
    assert_eq!(pending(&local, &mut browser).await, none());
    let wrong = [("new_password", PASSWORD), ("current_password", "wrong")];
    let refused = browser.post("/v1/me/change_password", &wrong).await;
    assert_eq!(refused.error(), (422, "form_password_incorrect"));
}

#[tokio::test]
async fn required_second_factor_must_be_set_up_first() {
    let local = Local::with_seed("[settings]\nsecond_factor_required = true\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    assert_eq!(pending(&local, &mut browser).await, task("setup-mfa"));
    super::second_factor::set_up(&local, &mut browser).await;
    assert_eq!(pending(&local, &mut browser).await, none());
}
