//! Disabled features are refused.

use http::Method;
use serde_json::{Value, json};

use super::{Local, second_factor::app_code};
use crate::Instance;

#[tokio::test]
async fn disabled_organizations_are_refused() {
    let local = Local::with_seed("[settings]\norganizations = false\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    let off = (403, "organization_not_enabled_in_instance");
    let refused = browser.post("/v1/organizations", &[("name", "Acme")]).await;
    assert_eq!(refused.error(), off);
    assert_eq!(browser.get("/v1/organizations/acme").await.error(), off);
    let body = json!({ "name": "Acme" });
    let refused = local.backend(Method::POST, "/v1/organizations", &body).await;
    assert_eq!(refused.error(), off);
    let list = local
        .backend(Method::GET, "/v1/organizations", &Value::Null)
        .await
        .ok();
    assert_eq!(list["total_count"], 0);

    // clerk-js offers to enable them.
    let enable = "/v1/dev_tools/enable_environment_setting";
    let unknown = browser
        .call(Method::PATCH, enable, &[("enable_billing", "true")])
        .await;
    assert_eq!(unknown.error(), (422, "form_param_unknown"));
    let fields = [
        ("enable_organizations", "true"),
        ("organization_allow_personal_accounts", "false"),
    ];
    let enabled = browser.call(Method::PATCH, enable, &fields).await.ok();
    let settings = &enabled["organization_settings"];
    assert_eq!(settings["enabled"], true);
    assert_eq!(settings["force_organization_selection"], true);
    browser.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let live = Local::new(Instance::Production).await;
    let refused = live.browser().await.call(Method::PATCH, enable, &fields).await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn only_enabled_second_factors_are_accepted() {
    let local = Local::with_seed("[settings]\nsecond_factors = []\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    for path in ["/v1/me/totp", "/v1/me/backup_codes"] {
        assert_eq!(
            browser.post(path, &[]).await.error(),
            (403, "feature_not_enabled")
        );
    }
    let local = Local::with_seed("[settings]\nsecond_factors = [\"totp\"]\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    browser.post("/v1/me/totp", &[]).await.ok();
    let code = app_code(&local, 0).await;
    let verify = "/v1/me/totp/attempt_verification";
    let verified = browser.post(verify, &[("code", &code)]).await.ok();
    assert!(verified["response"]["backup_codes"].is_null());
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(
        (&me["totp_enabled"], &me["backup_code_enabled"]),
        (&json!(true), &json!(false))
    );
}
