use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Browser, Local};
use crate::{Instance, LocalClerk, StartError};

const CUSTOM: &str = r#"
[settings]
phone_number = "optional"
username = "required"
second_factors = ["totp", "backup_code", "phone_code"]
second_factor_required = true
sign_up_mode = "restricted"
social = ["google"]
organizations = true
force_organization_selection = true
organization_domains = true
multi_session = true

[features]
seats = { name = "Seats" }
reports = { name = "Reports", description = "Every Monday" }

[[plans]]
slug = "free_org"
name = "Free"
payer = "organization"

[[plans]]
slug = "business"
name = "Business"
payer = "organization"
monthly = 9900
annual_monthly = 9000
features = ["seats", "reports"]

[[users]]
first_name = "Jane"
last_name = "Doe"
username = "Jane"
email_addresses = ["Jane@Example.com", "jane@work.example"]
phone_numbers = ["+1 (201) 555-0100"]
password = "correct horse battery"
external_id = "42"
public_metadata = { colour = "green", tags = ["a", "b"] }
private_metadata = { notes = { n = 1 } }
unsafe_metadata = { seen = true }

[[users]]
username = "john_doe"

[[organizations]]
name = "Acme"
slug = "acme"
plan = "business"
members = [
    { user = "jane@work.example", role = "org:admin" },
    { user = "john_doe", role = "org:member" },
]
public_metadata = { tier = 1 }
"#;

async fn environment(local: &Local) -> Value {
    let mut browser = local.browser().await;
    browser.get("/v1/environment").await.ok()
}

async fn sign_in(browser: &mut Browser<'_>, identifier: &str, password: &str) -> Value {
    let fields = [("identifier", identifier), ("password", password)];
    browser.post("/v1/client/sign_ins", &fields).await.ok()["response"].take()
}

#[tokio::test]
async fn default_seed_has_a_demo_user_and_three_plans() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let signed_in = sign_in(&mut browser, "demo+clerk_test@example.com", "local-clerk-demo").await;
    assert_eq!(signed_in["status"], "complete");
    let environment = environment(&local).await;
    let attributes = &environment["user_settings"]["attributes"];
    for (name, enabled, required) in [
        ("email_address", true, true),
        ("password", true, true),
        ("phone_number", false, false),
        ("username", false, false),
        ("authenticator_app", true, false),
        ("backup_code", true, false),
    ] {
        let attribute = &attributes[name];
        assert_eq!(
            (&attribute["enabled"], &attribute["required"]),
            (&json!(enabled), &json!(required)),
            "{name}"
        );
    }
    let billing = &environment["commerce_settings"]["billing"];
    assert_eq!(
        (&billing["user"]["enabled"], &billing["organization"]["enabled"]),
        (&json!(true), &json!(false))
    );
    let social = &environment["user_settings"]["social"];
    assert_eq!(social["oauth_custom_local"]["name"], "Local provider");
    assert_eq!(
        social.as_object().unwrap().len(),
        1,
        "icons of other providers come from another host"
    );
}

#[tokio::test]
async fn seed_file_determines_the_initial_data() {
    let local = Local::with_seed(CUSTOM).await;
    let environment = environment(&local).await;
    let settings = &environment["user_settings"];
    assert_eq!(settings["attributes"]["username"]["required"], true);
    assert_eq!(
        settings["attributes"]["phone_number"]["second_factors"],
        json!(["phone_code"])
    );
    assert_eq!(settings["sign_up"]["mode"], "restricted");
    assert_eq!(settings["sign_in"]["second_factor"]["required"], true);
    assert_eq!(settings["social"]["oauth_google"]["enabled"], true);
    assert_eq!(environment["auth_config"]["single_session_mode"], false);
    assert_eq!(
        environment["auth_config"]["identification_strategies"],
        json!(["email_address", "phone_number", "username"])
    );
    let organization = &environment["organization_settings"];
    assert_eq!(organization["force_organization_selection"], true);
    assert_eq!(organization["domains"]["enabled"], true);
    let billing = &environment["commerce_settings"]["billing"];
    assert_eq!(
        billing["organization"],
        json!({ "enabled": true, "has_paid_plans": true })
    );
    assert_eq!(
        billing["user"],
        json!({ "enabled": false, "has_paid_plans": false })
    );

    let users = local
        .backend(Method::GET, "/v1/users?order_by=created_at", &Value::Null)
        .await
        .ok();
    let (jane, john) = (&users[0], &users[1]);
    assert_eq!(
        (&jane["username"], &john["username"]),
        (&json!("jane"), &json!("john_doe"))
    );
    assert_eq!(jane["email_addresses"][0]["email_address"], "jane@example.com");
    assert_eq!(jane["primary_email_address_id"], jane["email_addresses"][0]["id"]);
    assert_eq!(jane["phone_numbers"][0]["phone_number"], "+12015550100");
    assert_eq!(jane["phone_numbers"][0]["verification"]["status"], "verified");
    assert_eq!(jane["external_id"], "42");
    assert_eq!(
        jane["public_metadata"],
        json!({ "colour": "green", "tags": ["a", "b"] })
    );
    assert_eq!(jane["private_metadata"], json!({ "notes": { "n": 1 } }));
    assert_eq!(jane["unsafe_metadata"], json!({ "seen": true }));
    assert_eq!(john["password_enabled"], false);

    let acme = local
        .backend(Method::GET, "/v1/organizations/acme", &Value::Null)
        .await
        .ok();
    assert_eq!(acme["created_by"], jane["id"]);
    assert_eq!(acme["public_metadata"], json!({ "tier": 1 }));
    let path = "/v1/organizations/acme/memberships";
    let members = local.backend(Method::GET, path, &Value::Null).await.ok();
    let roles: Vec<_> = members["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| {
            (
                &member["public_user_data"]["user_id"],
                member["role"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(roles.contains(&(&jane["id"], "org:admin")) && roles.contains(&(&john["id"], "org:member")));

    let mut browser = local.browser().await;
    let plans = browser.get("/v1/billing/plans?payer_type=org").await.ok();
    let business = &plans["data"][1];
    assert_eq!(
        (
            &business["slug"],
            &business["for_payer_type"],
            &business["is_default"]
        ),
        (&json!("business"), &json!("org"), &json!(false))
    );
    assert_eq!(business["annual_fee"]["amount"], 108_000);
    assert_eq!(business["features"][1]["description"], "Every Monday");
    let for_users = browser.get("/v1/billing/plans?payer_type=user").await.ok();
    assert_eq!(for_users["total_count"], 0);
    sign_in(&mut browser, "JANE", "correct horse battery").await;
    let (_, claims) = local.verify(&browser.token().await, &browser.jwks().await);
    assert!(
        claims["pla"].is_null(),
        "there is nothing to subscribe to: {claims}"
    );
    assert_eq!(
        browser.get("/v1/me/billing/subscription").await.error(),
        (404, "resource_not_found")
    );
}

#[tokio::test]
async fn reset_restores_the_seed() {
    let local = Local::with_seed(CUSTOM).await;
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let path = format!("/v1/users/{}", users[0]["id"].as_str().unwrap());
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();

    let answer = local.submit("/reset", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let count = local
        .backend(Method::GET, "/v1/users/count", &Value::Null)
        .await
        .ok();
    assert_eq!(count["total_count"], 2);
    local
        .backend(Method::GET, "/v1/organizations/acme", &Value::Null)
        .await
        .ok();
    assert_eq!(
        environment(&local).await["user_settings"]["sign_up"]["mode"],
        "restricted"
    );
}

#[tokio::test]
async fn error_names_an_unreadable_seed_file() {
    let builder = LocalClerk::builder().seed_file("no/such/seed.toml");
    let error = builder.start().await.unwrap_err();
    assert!(matches!(error, StartError::Seed { .. }));
    let error = error.to_string();
    assert!(
        error.contains("LOCAL_CLERK_SEED") && error.contains("no/such/seed.toml"),
        "{error}"
    );
}
