//! What a tab learns from errors about what another one has done: clerk-js takes over the client that is in them.

use http::Method;
use serde_json::json;

use super::{Local, PASSWORD};
use crate::Instance;

#[tokio::test]
async fn signing_in_again_continues_with_the_session_of_the_other_tab() {
    for instance in [Instance::Development, Instance::Production] {
        let local = Local::new(instance).await;
        let mut tabs = local.signed_up("jane@example.com").await;
        let id = tabs.session_id().await;
        for path in ["/v1/client/sign_ins", "/v1/client/sign_ups"] {
            let refused = tabs.post(path, &[]).await;
            assert_eq!(refused.error(), (400, "session_exists"));
            let client = &refused.body["meta"]["client"];
            assert_eq!(client["last_active_session_id"], id.as_str());
            assert_eq!(client["sessions"][0]["id"], id.as_str());
            assert!(client["sessions"][0]["last_active_token"]["jwt"].is_string());
            let cookies = refused.cookies().join("\n");
            let is_production = instance == Instance::Production;
            assert_eq!(cookies.contains("__client_uat="), is_production, "{cookies}");
            assert!(!cookies.contains("__client_uat=0"), "{cookies}");
        }
    }
}

#[tokio::test]
async fn session_that_another_tab_has_removed_is_not_in_the_client() {
    let local = Local::new(Instance::Development).await;
    let mut tabs = local.signed_up("jane@example.com").await;
    let path = format!("/v1/client/sessions/{}", tabs.session_id().await);
    tabs.call(Method::DELETE, "/v1/client/sessions", &[]).await.ok();
    let gone = tabs.post(&format!("{path}/touch"), &[]).await;
    assert_eq!(gone.error(), (404, "resource_not_found"));
    assert_eq!(gone.body["meta"]["client"]["sessions"], json!([]));
    // clerk-js ignores the client in the reply to a GET, and requests it itself after a 401.
    let read = tabs.get(&path).await;
    assert_eq!((read.error().0, read.body.get("meta")), (404, None));
    let signed_out = tabs.call(Method::PATCH, "/v1/me", &[("first_name", "J")]).await;
    assert_eq!(signed_out.error(), (401, "authentication_invalid"));
    assert_eq!(signed_out.body.get("meta"), None);
}

#[tokio::test]
async fn failed_attempt_is_in_the_client_and_a_refused_change_is_not() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let mut tabs = local.browser().await;
    let wrong = [
        ("identifier", "jane@example.com"),
        ("password", "incorrect horse"),
    ];
    let refused = tabs.post("/v1/client/sign_ins", &wrong).await;
    assert_eq!(refused.error(), (422, "form_password_incorrect"));
    let sign_in = &refused.body["meta"]["client"]["sign_in"];
    assert_eq!(sign_in["status"], "needs_first_factor");
    assert_eq!(sign_in["identifier"], "jane@example.com");

    let fields = [("email_address", "joe@example.com"), ("password", PASSWORD)];
    let sign_up = tabs.post("/v1/client/sign_ups", &fields).await.ok()["response"].take();
    let path = format!("/v1/client/sign_ups/{}", sign_up["id"].as_str().unwrap());
    let fields = [("email_address", "eve@example.com"), ("unsafe_metadata", "[1]")];
    let refused = tabs.call(Method::PATCH, &path, &fields).await;
    assert_eq!(refused.error(), (422, "form_param_format_invalid"));
    let sign_up = &refused.body["meta"]["client"]["sign_up"];
    assert_eq!(sign_up["email_address"], "joe@example.com");
}
