use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local};
use crate::Instance;

async fn create(browser: &mut Browser<'_>, slug: &str) -> String {
    let created = browser
        .post("/v1/organizations", &[("name", "Acme"), ("slug", slug)])
        .await
        .ok();
    created["response"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn token_contains_the_active_organization() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let id = create(&mut browser, "acme").await;
    let bad_slug = browser
        .post("/v1/organizations", &[("name", "X"), ("slug", "No Slug")])
        .await;
    assert_eq!(bad_slug.error(), (422, "form_param_format_invalid"));
    let taken = browser
        .post("/v1/organizations", &[("name", "X"), ("slug", "acme")])
        .await;
    assert_eq!(taken.error(), (422, "form_identifier_exists"));

    let touch = format!("/v1/client/sessions/{}/touch", browser.session_id().await);
    let touched = browser
        .post(&touch, &[("active_organization_id", &id)])
        .await
        .ok();
    assert_eq!(touched["response"]["last_active_organization_id"], id.as_str());
    let membership = &touched["response"]["user"]["organization_memberships"][0];
    assert_eq!(membership["role"], "org:admin");
    let tokens = touch.replace("/touch", "/tokens");
    let jwks = browser.jwks().await;
    let token = browser.post(&tokens, &[("organization_id", &id)]).await.ok();
    let (_, claims) = local.verify(token["jwt"].as_str().unwrap(), &jwks);
    assert_eq!(claims["o"], json!({ "id": id, "rol": "admin", "slg": "acme" }));
    let personal = browser.post(&tokens, &[("organization_id", "")]).await.ok();
    let (_, claims) = local.verify(personal["jwt"].as_str().unwrap(), &jwks);
    assert!(claims["o"].is_null());

    let mut stranger = local.signed_up("joe@example.com").await;
    let tokens = format!("/v1/client/sessions/{}/tokens", stranger.session_id().await);
    let other = stranger.post(&tokens, &[("organization_id", &id)]).await;
    assert_eq!(other.error(), (404, "resource_not_found"));
    assert_eq!(
        stranger.get(&format!("/v1/organizations/{id}")).await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn invites_promotes_and_removes_members() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut joe = local.signed_up("joe@example.com").await;
    let joe_id = joe.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/organizations/{}", create(&mut jane, "acme").await);
    let invite = [("email_address", "joe@example.com"), ("role", "org:member")];
    let bulk = jane.post(&format!("{path}/invitations/bulk"), &invite).await.ok();
    assert_eq!(bulk["response"][0]["status"], "pending");
    let twice = jane.post(&format!("{path}/invitations"), &invite).await;
    assert_eq!(twice.error(), (400, "duplicate_record"));

    let pending = jane.get(&format!("{path}/invitations/pending")).await.ok();
    assert_eq!(pending["response"], bulk["response"]);

    let mine = joe.get("/v1/me/organization_invitations").await.ok();
    let invitation = mine["response"]["data"][0]["id"].as_str().unwrap().to_owned();
    let accept = format!("/v1/me/organization_invitations/{invitation}/accept");
    let stolen = local.signed_up("eve@example.com").await.post(&accept, &[]).await;
    assert_eq!(
        stolen.error(),
        (404, "resource_not_found"),
        "an invitation is to one address"
    );
    joe.post(&accept, &[]).await.ok();
    assert_eq!(joe.post(&accept, &[]).await.error(), (404, "resource_not_found"));
    let pending = jane.get(&format!("{path}/invitations/pending")).await.ok();
    assert_eq!(pending["response"], json!([]), "it was accepted");
    let refused = joe.call(Method::PATCH, &path, &[("name", "Joe's")]).await;
    assert_eq!(refused.error(), (403, "missing_organization_permission"));
    let leave = format!(
        "/v1/me{}",
        path.replace("/v1/organizations", "/organization_memberships")
    );
    let last = jane.call(Method::DELETE, &leave, &[]).await;
    assert_eq!(last.error(), (400, "organization_minimum_permissions_needed"));

    let member = format!("{path}/memberships/{joe_id}");
    let promoted = jane
        .call(Method::PATCH, &member, &[("role", "org:admin")])
        .await
        .ok();
    assert_eq!(promoted["response"]["role"], "org:admin");
    let members = jane
        .get(&format!("{path}/memberships?role=org%3Aadmin"))
        .await
        .ok();
    assert_eq!(members["response"]["total_count"], 2);
    jane.call(Method::DELETE, &leave, &[]).await.ok();
    assert_eq!(jane.get(&path).await.error(), (404, "resource_not_found"));
    joe.call(Method::DELETE, &path, &[]).await.ok();
}

#[tokio::test]
async fn backend_api_manages_organizations() {
    let local = Local::new(Instance::Development).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let body = json!({ "name": "Acme Inc.", "created_by": users[0]["id"], "private_metadata": { "a": 1 } });
    let created = local.backend(Method::POST, "/v1/organizations", &body).await.ok();
    assert!(created["slug"].as_str().unwrap().starts_with("acme-inc-"));
    let path = format!("/v1/organizations/{}", created["slug"].as_str().unwrap());
    assert_eq!(
        local.backend(Method::GET, &path, &Value::Null).await.ok()["private_metadata"],
        json!({ "a": 1 })
    );
    let invite = json!({ "email_address": "new@example.com", "role": "org:member" });
    local
        .backend(Method::POST, &format!("{path}/invitations"), &invite)
        .await
        .ok();
    let wrong = json!({ "email_address": "new2@example.com", "role": "org:king" });
    let refused = local
        .backend(Method::POST, &format!("{path}/invitations"), &wrong)
        .await;
    assert_eq!(refused.error(), (404, "resource_not_found"));
    let members = local
        .backend(Method::GET, &format!("{path}/memberships"), &Value::Null)
        .await
        .ok();
    assert_eq!(members["total_count"], 1);
    let listed = local
        .backend(Method::GET, "/v1/organizations?query=acme", &Value::Null)
        .await
        .ok();
    assert_eq!(listed["data"][0]["pending_invitations_count"], 1);
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    assert_eq!(
        local.backend(Method::GET, &path, &Value::Null).await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn renames_an_organization_and_sets_its_logo() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let defaults = jane.get("/v1/me/organization_creation_defaults").await.ok();
    assert_eq!(
        defaults["response"]["form"]["name"], "",
        "nothing is known beforehand"
    );
    let path = format!("/v1/organizations/{}", create(&mut jane, "acme").await);
    let fields = [("name", "Acme Ltd."), ("slug", "acme-ltd")];
    let renamed = jane.call(Method::PATCH, &path, &fields).await.ok();
    assert_eq!(renamed["response"]["slug"], "acme-ltd");
    assert_eq!(jane.get(&path).await.ok()["response"]["name"], "Acme Ltd.");

    let logo = format!("{path}/logo");
    let uploaded = jane.upload(Method::PUT, &logo, "GIF89a-not-really").await.ok();
    assert_eq!(uploaded["response"]["has_image"], true);
    let removed = jane.call(Method::DELETE, &logo, &[]).await.ok();
    assert_eq!(removed["response"]["deleted"], true);
    assert_eq!(jane.get(&path).await.ok()["response"]["has_image"], false);
}

#[tokio::test]
async fn administrator_adds_removes_and_invites_members() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut joe = local.signed_up("joe@example.com").await;
    let joe_id = joe.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/organizations/{}", create(&mut jane, "acme").await);
    let roles = jane.get(&format!("{path}/roles")).await.ok();
    let keys: Vec<&Value> = roles["response"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["key"])
        .collect();
    assert_eq!(keys, ["org:admin", "org:member"]);

    let member = [("user_id", joe_id.as_str()), ("role", "org:member")];
    jane.post(&format!("{path}/memberships"), &member).await.ok();
    let mine = joe.get("/v1/me/organization_memberships").await.ok();
    assert_eq!(mine["response"]["data"][0]["organization"]["slug"], "acme");
    let invitation = [("email_address", "new@example.com"), ("role", "org:member")];
    let refused = joe.post(&format!("{path}/invitations"), &invitation).await;
    assert_eq!(refused.error(), (403, "missing_organization_permission"));
    let removed = format!("{path}/memberships/{joe_id}");
    jane.call(Method::DELETE, &removed, &[]).await.ok();
    assert_eq!(joe.get(&path).await.error(), (404, "resource_not_found"));

    let created = jane.post(&format!("{path}/invitations"), &invitation).await.ok();
    let id = created["response"]["id"].as_str().unwrap();
    let listed = jane.get(&format!("{path}/invitations?status=pending")).await.ok();
    assert_eq!(listed["response"]["data"][0]["id"], id);
    let revoke = format!("{path}/invitations/{id}/revoke");
    assert_eq!(
        jane.post(&revoke, &[]).await.ok()["response"]["status"],
        "revoked"
    );
    let listed = jane.get(&format!("{path}/invitations?status=pending")).await.ok();
    assert_eq!(listed["response"]["total_count"], 0);
}
