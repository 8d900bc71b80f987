//! What a role lets its members do, and what their tokens contain.

use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local, ROLES, SEED, get, give_role, keys, patch, path_of, sign_in};

/// The claims of a token for the organization.
async fn claims(local: &Local, browser: &mut Browser<'_>, organization: &str) -> Value {
    let path = format!("/v1/client/sessions/{}/tokens", browser.session_id().await);
    let token = browser
        .post(&path, &[("organization_id", organization)])
        .await
        .ok();
    let jwks = browser.jwks().await;
    local.verify(token["jwt"].as_str().unwrap(), &jwks).1
}

#[tokio::test]
async fn a_role_grants_its_permissions() {
    let local = Local::with_seed(SEED).await;
    let mut rita = sign_in(&local, "rita@example.com").await;
    let mine = rita.get("/v1/me/organization_memberships").await.ok()["response"]["data"][0].take();
    assert_eq!(
        (&mine["role"], &mine["role_name"]),
        (&json!("org:recruiter"), &json!("Recruiter"))
    );
    assert_eq!(
        mine["permissions"],
        json!(["org:sys_memberships:read", "org:sys_memberships:manage"])
    );
    let path = format!(
        "/v1/organizations/{}",
        mine["organization"]["id"].as_str().unwrap()
    );
    let invitation = [("email_address", "new@example.com"), ("role", "org:accountant")];
    let invited = rita.post(&format!("{path}/invitations"), &invitation).await.ok();
    assert_eq!(invited["response"]["role_name"], "Accountant");
    rita.get(&format!("{path}/memberships")).await.ok();
    for (refused, permission) in [
        (
            rita.call(Method::PATCH, &path, &[("name", "Mine")]).await,
            "org:sys_profile:manage",
        ),
        (
            rita.call(Method::DELETE, &path, &[]).await,
            "org:sys_profile:delete",
        ),
        (
            rita.get(&format!("{path}/billing/statements")).await,
            "org:sys_billing:read",
        ),
    ] {
        assert_eq!(refused.error(), (403, "missing_organization_permission"));
        assert_eq!(
            refused.body["errors"][0]["meta"]["permissions"],
            json!([permission])
        );
    }
    let roles = rita.get(&format!("{path}/roles")).await.ok();
    assert_eq!(
        keys(&roles["response"]["data"]),
        ["org:accountant", "org:recruiter", "org:admin", "org:member"]
    );

    // Neither may the recruiter remove the only member who can manage the organization.
    let ada = get(&local, "/v1/users?email_address=ada@example.com").await[0]["id"].take();
    let member = format!("{path}/memberships/{}", ada.as_str().unwrap());
    for refused in [
        rita.call(Method::DELETE, &member, &[]).await,
        rita.call(Method::PATCH, &member, &[("role", "org:recruiter")])
            .await,
    ] {
        assert_eq!(refused.error(), (400, "organization_minimum_permissions_needed"));
    }
    // A role takes effect at once.
    let role = path_of(&local, ROLES, "org:recruiter").await;
    patch(&local, &role, json!({ "permissions": [] })).await.ok();
    let refused = rita.get(&format!("{path}/memberships")).await;
    assert_eq!(refused.error(), (403, "missing_organization_permission"));
}

#[tokio::test]
async fn custom_permissions_are_in_tokens() {
    let local = Local::with_seed(SEED).await;
    let mut rita = sign_in(&local, "rita@example.com").await;
    let before = claims(&local, &mut rita, "acme").await;
    assert_eq!(
        (&before["o"]["rol"], &before["o"]["per"]),
        (&json!("recruiter"), &Value::Null)
    );
    assert_eq!(before["fea"], Value::Null);

    give_role(&local, "acme", &mut rita, "org:accountant").await.ok();
    let after = claims(&local, &mut rita, "acme").await;
    assert_eq!(after["fea"], "o:reports,o:invoices");
    let o = &after["o"];
    assert_eq!(
        (&o["rol"], &o["slg"], &o["per"], &o["fpm"]),
        (
            &json!("accountant"),
            &json!("acme"),
            &json!("read,pay"),
            &json!("1,3")
        )
    );
}

#[tokio::test]
async fn permissions_count_for_the_features_of_the_plan() {
    let plans = r#"
[features]
invoices = { name = "Invoices" }
export = { name = "Export" }

[[plans]]
slug = "free_org"
name = "Free"
payer = "organization"
features = ["export", "invoices"]
"#;
    let local = Local::with_seed(&format!("{plans}{SEED}")).await;
    let mut rita = sign_in(&local, "rita@example.com").await;
    give_role(&local, "acme", &mut rita, "org:accountant").await.ok();
    let claims = claims(&local, &mut rita, "acme").await;
    assert_eq!(claims["fea"], "o:export,o:invoices");
    assert_eq!(
        (&claims["o"]["per"], &claims["o"]["fpm"]),
        (&json!("pay,read"), &json!("0,3"))
    );
}
