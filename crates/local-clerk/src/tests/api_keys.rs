use http::Method;
use serde_json::Value;

use super::Local;
use crate::Instance;

#[tokio::test]
async fn users_manage_their_own_keys_and_those_of_their_organizations() {
    let local = Local::with_seed("[settings]\napi_keys = true\n").await;
    let mut jane = local.signed_up("jane@example.com").await;
    let key = jane.post("/api_keys", &[("name", "Deployment")]).await.created();
    assert!(
        key["secret"]
            .as_str()
            .is_some_and(|secret| secret.starts_with("ak_")),
        "{key}"
    );
    assert_eq!(key["subject"], key["created_by"]);

    // As clerk-js does.
    let listed = jane.get("//api_keys").await.ok();
    assert_eq!(listed["total_count"], 1);
    assert_eq!(listed["data"][0]["name"], "Deployment");
    assert_eq!(listed["data"][0]["secret"], Value::Null);

    let organization = jane.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let organization = organization["response"]["id"].as_str().unwrap().to_owned();
    let fields = [("name", "Server"), ("subject", organization.as_str())];
    assert_eq!(
        jane.post("/api_keys", &fields).await.created()["subject"],
        organization.as_str()
    );

    let path = format!("/api_keys/{}", key["id"].as_str().unwrap());
    for description in ["For the pipeline", ""] {
        let fields = [("description", description)];
        let updated = jane.call(Method::PATCH, &path, &fields).await.ok();
        assert_eq!(updated["description"].as_str().unwrap_or_default(), description);
    }

    let mut joe = local.signed_up("joe@example.com").await;
    let revoke = format!("/api_keys/{}/revoke", key["id"].as_str().unwrap());
    for refused in [
        joe.post(&revoke, &[]).await,
        joe.call(Method::PATCH, &path, &[]).await,
        joe.get(&format!("/api_keys?subject={organization}")).await,
        joe.post("/api_keys", &fields).await,
    ] {
        assert_eq!(refused.error(), (404, "resource_not_found"));
    }
    assert_eq!(jane.post(&revoke, &[]).await.ok()["revoked"], true);
    assert_eq!(jane.get("/api_keys").await.ok()["total_count"], 0);
}

#[tokio::test]
async fn without_the_setting_there_are_none() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    assert_eq!(jane.get("/api_keys").await.error(), (403, "api_keys_not_enabled"));
}
