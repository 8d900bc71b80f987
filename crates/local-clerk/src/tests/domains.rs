use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local};
use crate::Instance;

async fn local() -> Local {
    Local::with_seed("[settings]\norganization_domains = true\n").await
}

/// Adds a domain to a new organization, and returns the paths of both.
async fn add_domain(browser: &mut Browser<'_>, name: &str) -> (String, String) {
    let created = browser.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let organization = format!(
        "/v1/organizations/{}",
        created["response"]["id"].as_str().unwrap()
    );
    let domain = browser
        .post(&format!("{organization}/domains"), &[("name", name)])
        .await
        .ok();
    let domain = &domain["response"];
    assert_eq!(domain["enrollment_mode"], "manual_invitation");
    assert_eq!(domain["affiliation_verification"], Value::Null);
    let path = format!("{organization}/domains/{}", domain["id"].as_str().unwrap());
    (organization, path)
}

/// Verifies the domain and sets its enrollment mode.
async fn open(browser: &mut Browser<'_>, path: &str, mode: &str) -> Value {
    let address = [("affiliation_email_address", "boss@acme.example")];
    browser
        .post(&format!("{path}/prepare_affiliation_verification"), &address)
        .await
        .ok();
    let code = [("code", "424242")];
    let verified = browser
        .post(&format!("{path}/attempt_affiliation_verification"), &code)
        .await
        .ok();
    assert_eq!(
        verified["response"]["affiliation_verification"]["status"],
        "verified"
    );
    let mode = [("enrollment_mode", mode)];
    browser
        .post(&format!("{path}/update_enrollment_mode"), &mode)
        .await
        .ok()["response"]
        .take()
}

#[tokio::test]
async fn domain_is_verified_by_an_address_in_it() {
    let local = local().await;
    let mut jane = local.signed_up("jane@acme.example").await;
    let (organization, path) = add_domain(&mut jane, "Acme.Example").await;
    let domains = format!("{organization}/domains");
    for (name, code) in [
        ("nonsense", "form_param_format_invalid"),
        ("a@b.example", "form_param_format_invalid"),
        ("gmail.com", "organization_domain_common"),
        ("acme.example", "duplicate_record"),
    ] {
        let refused = jane.post(&domains, &[("name", name)]).await;
        assert_eq!(refused.error(), (422, code), "{name}");
    }
    let mode = format!("{path}/update_enrollment_mode");
    let early = jane
        .post(&mode, &[("enrollment_mode", "automatic_invitation")])
        .await;
    assert_eq!(early.error(), (400, "organization_domain_not_verified"));
    let prepare = format!("{path}/prepare_affiliation_verification");
    let elsewhere = [("affiliation_email_address", "jane@other.example")];
    let refused = jane.post(&prepare, &elsewhere).await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    let attempt = format!("{path}/attempt_affiliation_verification");
    let early = jane.post(&attempt, &[("code", "424242")]).await;
    assert_eq!(early.error(), (400, "verification_missing"));
    jane.post(&prepare, &[("affiliation_email_address", "boss@acme.example")])
        .await
        .ok();
    let wrong = jane.post(&attempt, &[("code", "000000")]).await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    jane.post(&attempt, &[("code", "424242")]).await.ok();
    let wrong = jane.post(&mode, &[("enrollment_mode", "open_door")]).await;
    assert_eq!(wrong.error(), (422, "form_param_value_invalid"));
    let listed = jane.get(&format!("{domains}?verified=true")).await.ok();
    assert_eq!(listed["response"]["data"][0]["name"], "acme.example");

    let same = jane.get(&path).await.ok();
    assert_eq!(same["response"], listed["response"]["data"][0]);

    let mut joe = local.signed_up("joe@acme.example").await;
    assert_eq!(joe.get(&domains).await.error(), (404, "resource_not_found"));
    let removed = jane.call(Method::DELETE, &path, &[]).await.ok();
    assert_eq!(removed["response"]["deleted"], true);
    assert_eq!(jane.get(&path).await.error(), (404, "resource_not_found"));
}

#[tokio::test]
async fn domain_invites_users_with_an_address_in_it() {
    let local = local().await;
    let mut jane = local.signed_up("jane@acme.example").await;
    let mut before = local.signed_up("before@acme.example").await;
    let (_, path) = add_domain(&mut jane, "acme.example").await;
    let domain = open(&mut jane, &path, "automatic_invitation").await;
    assert_eq!(
        domain["total_pending_invitations"], 1,
        "to the member of the future, not to the admin"
    );
    let mut after = local.signed_up("after@acme.example").await;
    for browser in [&mut before, &mut after] {
        for _ in 0..2 {
            let mine = browser.get("/v1/me/organization_invitations").await.ok();
            assert_eq!(mine["response"]["total_count"], 1);
        }
    }
    let mine = after.get("/v1/me/organization_invitations").await.ok();
    let id = mine["response"]["data"][0]["id"].as_str().unwrap().to_owned();
    after
        .post(&format!("/v1/me/organization_invitations/{id}/accept"), &[])
        .await
        .ok();
    let mut other = local.signed_up("other@other.example").await;
    let none = other.get("/v1/me/organization_invitations").await.ok();
    assert_eq!(none["response"]["total_count"], 0);

    let manual = [
        ("enrollment_mode", "manual_invitation"),
        ("delete_pending", "true"),
    ];
    let domain = jane
        .post(&format!("{path}/update_enrollment_mode"), &manual)
        .await
        .ok();
    assert_eq!(domain["response"]["total_pending_invitations"], 0);
    let none = before.get("/v1/me/organization_invitations").await.ok();
    assert_eq!(none["response"]["total_count"], 0);
}

#[tokio::test]
async fn suggestion_becomes_a_request_and_then_a_membership() {
    let local = local().await;
    let mut jane = local.signed_up("jane@acme.example").await;
    let (organization, path) = add_domain(&mut jane, "acme.example").await;
    open(&mut jane, &path, "automatic_suggestion").await;
    let requests = format!("{organization}/membership_requests");
    let mut ids = Vec::new();
    for name in ["joe", "eve"] {
        let mut browser = local.signed_up(&format!("{name}@acme.example")).await;
        let mine = browser
            .get("/v1/me/organization_suggestions?status=pending&status=accepted")
            .await
            .ok();
        let suggestion = &mine["response"]["data"][0];
        assert_eq!(suggestion["public_organization_data"]["name"], "Acme");
        let accept = format!(
            "/v1/me/organization_suggestions/{}/accept",
            suggestion["id"].as_str().unwrap()
        );
        let stolen = jane.post(&accept, &[]).await;
        assert_eq!(stolen.error(), (404, "resource_not_found"));
        let accepted = browser.post(&accept, &[]).await.ok();
        assert_eq!(accepted["response"]["status"], "accepted");
        let again = browser.post(&accept, &[]).await;
        assert_eq!(again.error(), (404, "resource_not_found"));
        let own = browser.get(&requests).await;
        assert_eq!(own.error(), (404, "resource_not_found"), "not a member yet");
        let listed = jane.get(&format!("{requests}?status=pending")).await.ok();
        let request = &listed["response"]["data"][0];
        assert_eq!(
            request["public_user_data"]["identifier"],
            format!("{name}@acme.example").as_str()
        );
        ids.push(request["id"].as_str().unwrap().to_owned());
    }
    let accepted = jane
        .post(&format!("{requests}/{}/accept", ids[0]), &[])
        .await
        .ok();
    assert_eq!(accepted["response"]["status"], "accepted");
    let rejected = jane
        .post(&format!("{requests}/{}/reject", ids[1]), &[])
        .await
        .ok();
    assert_eq!(rejected["response"]["status"], "rejected");
    let again = jane.post(&format!("{requests}/{}/accept", ids[1]), &[]).await;
    assert_eq!(again.error(), (404, "resource_not_found"));
    let members = jane.get(&format!("{organization}/memberships")).await.ok();
    assert_eq!(members["response"]["total_count"], 2);
    let pending = jane.get(&format!("{requests}?status=pending")).await.ok();
    assert_eq!(pending["response"]["data"], json!([]));
}

#[tokio::test]
async fn domains_are_disabled_by_default() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@acme.example").await;
    let created = jane.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let path = format!(
        "/v1/organizations/{}/domains",
        created["response"]["id"].as_str().unwrap()
    );
    let refused = jane.post(&path, &[("name", "acme.example")]).await;
    assert_eq!(refused.error(), (403, "organization_domains_not_enabled"));
}

#[tokio::test]
async fn backend_says_that_an_organization_owns_its_domain() {
    let local = local().await;
    let mut jane = local.signed_up("jane@acme.example").await;
    let (_, path) = add_domain(&mut jane, "acme.example").await;
    let verify = format!("{path}/verify_ownership");
    let first = local.backend(Method::POST, &verify, &Value::Null).await.ok();
    let ownership = &first["ownership_verification"];
    assert_eq!(
        (&ownership["status"], &ownership["strategy"]),
        (&json!("verified"), &json!("manual_override"))
    );
    assert_eq!(first["affiliation_verification"], Value::Null);
    assert_eq!(
        local.backend(Method::POST, &verify, &Value::Null).await.ok(),
        first
    );
    assert_eq!(jane.get(&path).await.ok()["response"], first);
    let unknown = path.replace("orgdmn_", "orgdmn_x") + "/verify_ownership";
    let unknown = local.backend(Method::POST, &unknown, &Value::Null).await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
}
