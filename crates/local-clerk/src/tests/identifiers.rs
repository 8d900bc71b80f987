//! Usernames and phone numbers.

use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD};

pub(super) const SEED: &str = r#"
[settings]
email_address = "optional"
phone_number = "optional"
username = "optional"
second_factors = ["totp", "backup_code", "phone_code"]

[[users]]
first_name = "Jane"
username = "jane_doe"
phone_numbers = ["+12015550100"]
password = "correct horse battery"
"#;

pub(super) const CODE: [(&str, &str); 2] = [("strategy", "phone_code"), ("code", "424242")];

pub(super) async fn sign_in(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> (String, Value) {
    let attempt = browser.post("/v1/client/sign_ins", fields).await.ok()["response"].take();
    let path = format!("/v1/client/sign_ins/{}", attempt["id"].as_str().unwrap());
    (path, attempt)
}

#[tokio::test]
async fn signs_up_with_a_username_and_a_phone_number() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let fields = [
        ("username", "Joe-7"),
        ("phone_number", "+1 201 555 0101"),
        ("password", PASSWORD),
    ];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok()["response"].take();
    assert_eq!(started["status"], "missing_requirements");
    assert_eq!(
        (&started["missing_fields"], &started["unverified_fields"]),
        (&json!([]), &json!(["phone_number"]))
    );
    assert_eq!(started["required_fields"], json!(["password"]));
    let phone = &started["verifications"]["phone_number"];
    assert_eq!(
        (&phone["next_action"], &phone["supported_strategies"]),
        (&json!("needs_prepare"), &json!(["phone_code"]))
    );
    assert!(started["verifications"]["email_address"].is_null());

    let path = format!("/v1/client/sign_ups/{}", started["id"].as_str().unwrap());
    let prepare = format!("{path}/prepare_verification");
    browser.post(&prepare, &CODE[..1]).await.ok();
    let attempt = format!("{path}/attempt_verification");
    let wrong = [CODE[0], ("code", "000000")];
    assert_eq!(
        browser.post(&attempt, &wrong).await.error(),
        (422, "form_code_incorrect")
    );
    let done = browser.post(&attempt, &CODE).await.ok();
    assert_eq!(done["response"]["status"], "complete");

    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(me["username"], "joe-7");
    assert_eq!(me["phone_numbers"][0]["phone_number"], "+12015550101");
    assert_eq!(me["primary_phone_number_id"], me["phone_numbers"][0]["id"]);
    assert_eq!(me["email_addresses"], json!([]));
}

#[tokio::test]
async fn username_suffices_if_it_is_the_only_identifier() {
    let seed = "[settings]\nemail_address = \"off\"\nusername = \"required\"\n";
    let local = Local::with_seed(seed).await;
    let mut browser = local.browser().await;
    let missing = browser
        .post("/v1/client/sign_ups", &[("password", PASSWORD)])
        .await
        .ok();
    assert_eq!(missing["response"]["missing_fields"], json!(["username"]));
    let fields = [("username", "joe_doe"), ("password", PASSWORD)];
    let done = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    let email = browser.call(Method::DELETE, "/v1/client/sessions", &[]).await;
    email.ok();
    let unknown = browser
        .post("/v1/client/sign_ups", &[("email_address", "joe@example.com")])
        .await;
    assert_eq!(unknown.error(), (422, "form_param_unknown"));
}

#[tokio::test]
async fn rejects_invalid_and_taken_usernames_and_phone_numbers() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let nothing = browser
        .post("/v1/client/sign_ups", &[("password", PASSWORD)])
        .await
        .ok();
    assert_eq!(nothing["response"]["missing_fields"], json!(["email_address"]));
    for (field, value, code) in [
        ("username", "joe", "form_username_invalid_length"),
        ("username", "joe doe", "form_username_invalid_character"),
        ("username", "1234567", "form_username_needs_non_number_char"),
        ("username", "JANE_DOE", "form_identifier_exists"),
        ("phone_number", "2015550100", "form_param_format_invalid"),
        ("phone_number", "+1 201-555-0100", "form_identifier_exists"),
    ] {
        let refused = browser.post("/v1/client/sign_ups", &[(field, value)]).await;
        assert_eq!(refused.error(), (422, code), "{value}");
        let meta = &refused.body["errors"][0]["meta"];
        assert_eq!(meta["param_name"], field);
    }
    let taken = browser
        .post("/v1/client/sign_ups", &[("username", "jane_doe")])
        .await;
    assert_eq!(
        taken.body["errors"][0]["long_message"],
        "That username is taken. Please try another."
    );
}

#[tokio::test]
async fn signs_in_with_any_identifier() {
    let local = Local::with_seed(SEED).await;
    for identifier in ["jane_doe", "Jane_Doe", "+12015550100", "+1 (201) 555-0100"] {
        let mut browser = local.browser().await;
        let fields = [("identifier", identifier), ("password", PASSWORD)];
        let (_, attempt) = sign_in(&mut browser, &fields).await;
        assert_eq!(attempt["status"], "complete", "{identifier}");
    }
    let mut browser = local.browser().await;
    let (path, attempt) = sign_in(&mut browser, &[("identifier", "+12015550100")]).await;
    assert_eq!(
        attempt["supported_identifiers"],
        json!(["email_address", "phone_number", "username"])
    );
    let factors = attempt["supported_first_factors"].as_array().unwrap();
    let phone = factors
        .iter()
        .find(|factor| factor["strategy"] == "phone_code")
        .unwrap();
    assert_eq!(phone["safe_identifier"], "+12015550100");
    let id = phone["phone_number_id"].as_str().unwrap();
    let prepare = [CODE[0], ("phone_number_id", id)];
    browser
        .post(&format!("{path}/prepare_first_factor"), &prepare)
        .await
        .ok();
    let attempt = format!("{path}/attempt_first_factor");
    let done = browser.post(&attempt, &CODE).await.ok();
    assert_eq!(done["response"]["status"], "complete");

    let mut browser = local.browser().await;
    let (path, _) = sign_in(&mut browser, &[("identifier", "jane_doe")]).await;
    let reset = [("strategy", "reset_password_phone_code"), ("code", "424242")];
    browser
        .post(&format!("{path}/prepare_first_factor"), &reset[..1])
        .await
        .ok();
    let reset = browser
        .post(&format!("{path}/attempt_first_factor"), &reset)
        .await
        .ok();
    assert_eq!(reset["response"]["status"], "needs_new_password");
    let email = [("strategy", "email_code")];
    let none = browser
        .post(&format!("{path}/prepare_first_factor"), &email)
        .await;
    assert_eq!(none.error(), (400, "strategy_for_user_invalid"));
}
