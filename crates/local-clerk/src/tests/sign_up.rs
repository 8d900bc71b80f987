use http::Method;
use serde_json::{Value, json};

use super::{APP, Local, PASSWORD};
use crate::Instance;

#[tokio::test]
async fn signs_up_with_an_email_code() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    assert!(browser.get("/v1/client").await.ok()["response"].is_null());

    let fields = [
        ("email_address", "Jane@Example.com"),
        ("password", PASSWORD),
        ("locale", "en-US"),
    ];
    let created = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let sign_up = &created["response"];
    assert_eq!(sign_up["status"], "missing_requirements");
    assert_eq!(sign_up["missing_fields"], json!([]));
    assert_eq!(sign_up["unverified_fields"], json!(["email_address"]));
    assert_eq!(sign_up["email_address"], "jane@example.com");
    let verification = &sign_up["verifications"]["email_address"];
    assert_eq!(verification["next_action"], "needs_prepare");
    assert!(
        verification["status"].is_null(),
        "with a status clerk-js never asks for a code"
    );
    assert_eq!(created["client"]["sign_up"]["id"], sign_up["id"]);

    let path = format!("/v1/client/sign_ups/{}", sign_up["id"].as_str().unwrap());
    let early = browser
        .post(&format!("{path}/attempt_verification"), &[("code", "424242")])
        .await;
    assert_eq!(early.error(), (400, "verification_missing"));

    let strategy = ("strategy", "email_code");
    let prepared = browser
        .post(&format!("{path}/prepare_verification"), &[strategy])
        .await
        .ok();
    assert_eq!(
        prepared["response"]["verifications"]["email_address"]["next_action"],
        "needs_attempt"
    );

    let wrong = browser
        .post(
            &format!("{path}/attempt_verification"),
            &[strategy, ("code", "111111")],
        )
        .await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    assert_eq!(wrong.body["errors"][0]["meta"]["param_name"], "code");
    let reloaded = browser.get(&path).await.ok();
    assert_eq!(
        reloaded["response"]["verifications"]["email_address"]["attempts"], 1,
        "the attempt counts"
    );

    let done = browser
        .post(
            &format!("{path}/attempt_verification"),
            &[strategy, ("code", "424242")],
        )
        .await
        .ok();
    assert_eq!(done["response"]["status"], "complete");
    let client = &done["client"];
    assert!(client["sign_up"].is_null());
    assert_eq!(
        client["last_active_session_id"],
        done["response"]["created_session_id"]
    );
    let session = &client["sessions"][0];
    assert_eq!(session["status"], "active");
    assert_eq!(session["user"]["id"], done["response"]["created_user_id"]);
    assert_eq!(
        session["user"]["email_addresses"][0]["verification"]["status"],
        "verified"
    );
    let avatar = session["user"]["image_url"].as_str().unwrap();
    assert!(avatar.starts_with(&format!("{APP}/__clerk/avatars/")), "{avatar}");
}

#[tokio::test]
async fn changed_address_requires_a_new_code() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let created = browser
        .post("/v1/client/sign_ups", &[("email_address", "jane@example.com")])
        .await
        .ok();
    assert_eq!(created["response"]["missing_fields"], json!(["password"]));
    let path = format!(
        "/v1/client/sign_ups/{}",
        created["response"]["id"].as_str().unwrap()
    );
    browser
        .post(
            &format!("{path}/prepare_verification"),
            &[("strategy", "email_code")],
        )
        .await
        .ok();
    let fields = [("email_address", "other@example.com"), ("password", PASSWORD)];
    let changed = browser.call(Method::PATCH, &path, &fields).await.ok();
    let verification = &changed["response"]["verifications"]["email_address"];
    assert_eq!(verification["next_action"], "needs_prepare");
}

#[tokio::test]
async fn rejects_invalid_sign_ups() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("taken@example.com").await;
    let mut browser = local.browser().await;
    for (fields, code, param) in [
        (
            [("email_address", "TAKEN@example.com"), ("password", PASSWORD)],
            "form_identifier_exists",
            "email_address",
        ),
        (
            [("email_address", "nonsense"), ("password", PASSWORD)],
            "form_param_format_invalid",
            "email_address",
        ),
        (
            [("email_address", "new@example.com"), ("password", "short")],
            "form_password_length_too_short",
            "password",
        ),
        (
            [("email_address", "a@example.com"), ("strategy", "oauth_x")],
            "form_param_value_invalid",
            "strategy",
        ),
    ] {
        let refused = browser.post("/v1/client/sign_ups", &fields).await;
        assert_eq!(refused.error(), (422, code));
        assert_eq!(refused.body["errors"][0]["meta"]["param_name"], param);
    }
}

#[tokio::test]
async fn browsers_are_isolated_from_each_other() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut stranger = local.browser().await;
    assert!(stranger.get("/v1/client").await.ok()["response"].is_null());
    let session = jane.session_id().await;
    let stolen = stranger
        .post(&format!("/v1/client/sessions/{session}/tokens"), &[])
        .await;
    assert_eq!(stolen.error(), (401, "authentication_invalid"));
    assert_eq!(
        stranger.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );
}

#[tokio::test]
async fn backend_reads_a_sign_up_and_gives_the_user_an_external_id() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
    let created = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let id = created["response"]["id"].as_str().unwrap();
    let path = format!("/v1/sign_ups/{id}");
    let change = json!({ "external_id": "crm-1", "custom_action": true });
    let changed = local.backend(Method::PATCH, &path, &change).await.ok();
    assert_eq!(
        (
            &changed["status"],
            &changed["external_id"],
            &changed["custom_action"]
        ),
        (&json!("missing_requirements"), &json!("crm-1"), &json!(true))
    );
    let prepare = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&prepare, &[("strategy", "email_code")]).await.ok();
    let attempt = format!("/v1/client/sign_ups/{id}/attempt_verification");
    let code = [("strategy", "email_code"), ("code", "424242")];
    browser.post(&attempt, &code).await.ok();
    let complete = local.backend(Method::GET, &path, &Value::Null).await.ok();
    assert_eq!(complete["status"], "complete");
    let user = format!("/v1/users/{}", complete["created_user_id"].as_str().unwrap());
    let user = local.backend(Method::GET, &user, &Value::Null).await.ok();
    assert_eq!(user["external_id"], "crm-1");
    let late = local.backend(Method::PATCH, &path, &change).await;
    assert_eq!(late.error(), (403, "sign_up_cannot_be_updated"));
    let unknown = local
        .backend(Method::GET, "/v1/sign_ups/sua_unknown", &Value::Null)
        .await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
}
