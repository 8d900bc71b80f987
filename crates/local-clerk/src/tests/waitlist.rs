use http::Method;
use serde_json::{Value, json};

use super::{Local, PASSWORD, invitations::follow};
use crate::Instance;

#[tokio::test]
async fn waitlisted_users_are_invited_and_sign_up() {
    let local = Local::with_seed("[settings]\nsign_up_mode = \"waitlist\"\n").await;
    let mut browser = local.browser().await;
    let fields = [("email_address", "jane@example.com"), ("password", PASSWORD)];
    let refused = browser.post("/v1/client/sign_ups", &fields).await;
    assert_eq!(refused.error(), (403, "sign_up_restricted_waitlist"));
    let joined = browser.post("/v1/waitlist", &fields[..1]).await.ok();
    assert_eq!(joined["object"], "waitlist_entry");
    let twice = browser.post("/v1/waitlist", &fields[..1]).await.ok();
    assert_eq!(joined["id"], twice["id"]);
    let invalid = browser.post("/v1/waitlist", &[("email_address", "jane")]).await;
    assert_eq!(invalid.error(), (422, "form_param_format_invalid"));

    let list = local
        .backend(Method::GET, "/v1/waitlist_entries", &Value::Null)
        .await
        .ok();
    assert_eq!(list["total_count"], 1);
    assert_eq!(list["data"][0]["status"], "pending");
    let act = |id: &Value, action: &str| {
        let path = format!("/v1/waitlist_entries/{}/{action}", id.as_str().unwrap());
        let local = &local;
        async move { local.backend(Method::POST, &path, &Value::Null).await }
    };
    let rejected = act(&joined["id"], "reject").await.ok();
    assert_eq!(rejected["status"], "rejected");
    let invited = act(&joined["id"], "invite").await.ok();
    assert_eq!(invited["status"], "invited");
    let refused = act(&joined["id"], "invite").await;
    assert_eq!(refused.error(), (409, "waitlist_entry_already_invited"));

    let (ticket, _) = follow(&mut browser, invited["invitation"]["url"].as_str().unwrap()).await;
    let fields = [
        ("strategy", "ticket"),
        ("ticket", ticket.as_str()),
        ("password", PASSWORD),
    ];
    browser.post("/v1/client/sign_ups", &fields).await.ok();
    let path = "/v1/waitlist_entries?status=completed";
    let list = local.backend(Method::GET, path, &Value::Null).await.ok();
    assert_eq!(list["data"][0]["invitation"]["status"], "accepted");

    let two = json!([{ "email_address": "a@example.com" }, { "email_address": "b@example.com" }]);
    let path = "/v1/waitlist_entries/bulk";
    let created = local.backend(Method::POST, path, &two).await.ok();
    let path = format!("/v1/waitlist_entries/{}", created[1]["id"].as_str().unwrap());
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    let body = json!({ "email_address": "c@example.com" });
    local
        .backend(Method::POST, "/v1/waitlist_entries", &body)
        .await
        .ok();
    let path = "/v1/waitlist_entries?order_by=created_at&status=pending";
    let list = local.backend(Method::GET, path, &Value::Null).await.ok();
    let waiting: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["email_address"])
        .collect();
    assert_eq!(waiting, ["a@example.com", "c@example.com"]);
}

#[tokio::test]
async fn waitlist_is_refused_if_sign_up_is_public() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let refused = browser
        .post("/v1/waitlist", &[("email_address", "jane@example.com")])
        .await;
    assert_eq!(refused.error(), (403, "waitlist_not_accepting_entries"));
}
