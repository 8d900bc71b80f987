//! Usernames and phone numbers.

use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD};

const SEED: &str = r#"
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

const CODE: [(&str, &str); 2] = [("strategy", "phone_code"), ("code", "424242")];

async fn sign_in(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> (String, Value) {
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
    let begun = browser.post("/v1/client/sign_ups", &fields).await.ok()["response"].take();
    assert_eq!(begun["status"], "missing_requirements");
    assert_eq!(
        (&begun["missing_fields"], &begun["unverified_fields"]),
        (&json!([]), &json!(["phone_number"]))
    );
    assert_eq!(begun["required_fields"], json!(["password"]));
    let phone = &begun["verifications"]["phone_number"];
    assert_eq!(
        (&phone["next_action"], &phone["supported_strategies"]),
        (&json!("needs_prepare"), &json!(["phone_code"]))
    );
    assert!(begun["verifications"]["email_address"].is_null());

    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
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
async fn a_username_alone_is_enough_where_it_is_all_there_is() {
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
async fn refuses_what_is_no_username_or_number_or_is_taken() {
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
async fn signs_in_by_any_of_them() {
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

#[tokio::test]
async fn a_phone_number_becomes_a_second_factor() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let password = [("identifier", "jane_doe"), ("password", PASSWORD)];
    sign_in(&mut browser, &password).await;
    let added = browser
        .post("/v1/me/phone_numbers", &[("phone_number", "+12015550102")])
        .await
        .ok();
    let path = format!(
        "/v1/me/phone_numbers/{}",
        added["response"]["id"].as_str().unwrap()
    );
    let reserve = [("reserved_for_second_factor", "true")];
    let unverified = browser.call(Method::PATCH, &path, &reserve).await;
    assert_eq!(unverified.error(), (422, "form_param_value_invalid"));
    browser
        .post(&format!("{path}/prepare_verification"), &CODE[..1])
        .await
        .ok();
    browser
        .post(&format!("{path}/attempt_verification"), &CODE)
        .await
        .ok();
    let reserved = browser.call(Method::PATCH, &path, &reserve).await.ok();
    assert_eq!(reserved["response"]["default_second_factor"], true);
    assert_eq!(reserved["response"]["backup_codes"].as_array().unwrap().len(), 10);
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(
        (&me["two_factor_enabled"], &me["totp_enabled"]),
        (&json!(true), &json!(false))
    );

    let mut other = local.browser().await;
    let (path_in, attempt) = sign_in(&mut other, &password).await;
    assert_eq!(attempt["status"], "needs_second_factor");
    let strategies: Vec<_> = attempt["supported_second_factors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|factor| factor["strategy"].as_str().unwrap())
        .collect();
    assert_eq!(strategies, ["phone_code", "backup_code"]);
    let first = attempt["supported_first_factors"].as_array().unwrap();
    assert!(
        !first
            .iter()
            .any(|factor| factor["safe_identifier"] == "+12015550102"),
        "a second factor is no first one"
    );
    let attempt_second = format!("{path_in}/attempt_second_factor");
    let unsent = other.post(&attempt_second, &CODE).await;
    assert_eq!(unsent.error(), (400, "verification_missing"));
    other
        .post(&format!("{path_in}/prepare_second_factor"), &CODE[..1])
        .await
        .ok();
    let wrong = other.post(&attempt_second, &[CODE[0], ("code", "1")]).await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    let done = other.post(&attempt_second, &CODE).await.ok();
    assert_eq!(done["response"]["status"], "complete");

    let freed = [("reserved_for_second_factor", "false")];
    browser.call(Method::PATCH, &path, &freed).await.ok();
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert_eq!(
        (&me["two_factor_enabled"], &me["backup_code_enabled"]),
        (&json!(false), &json!(false))
    );
}

#[tokio::test]
async fn numbers_and_usernames_change_in_the_profile() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    sign_in(
        &mut browser,
        &[("identifier", "jane_doe"), ("password", PASSWORD)],
    )
    .await;
    let added = browser
        .post("/v1/me/phone_numbers", &[("phone_number", "+12015550102")])
        .await
        .ok();
    let id = added["response"]["id"].as_str().unwrap();
    let path = format!("/v1/me/phone_numbers/{id}");
    let primary = [("primary_phone_number_id", id)];
    let unverified = browser.call(Method::PATCH, "/v1/me", &primary).await;
    assert_eq!(unverified.error(), (422, "form_param_value_invalid"));
    browser
        .post(&format!("{path}/prepare_verification"), &CODE[..1])
        .await
        .ok();
    browser
        .post(&format!("{path}/attempt_verification"), &CODE)
        .await
        .ok();
    let me = browser.call(Method::PATCH, "/v1/me", &primary).await.ok()["response"].take();
    assert_eq!(me["primary_phone_number_id"], id);
    let number = browser.get(&path).await.ok();
    assert_eq!(number["response"]["phone_number"], "+12015550102");
    let numbers = browser.get("/v1/me/phone_numbers").await.ok();
    let numbers = numbers.as_array().unwrap();
    for number in numbers.iter().rev() {
        let path = format!("/v1/me/phone_numbers/{}", number["id"].as_str().unwrap());
        browser.call(Method::DELETE, &path, &[]).await.ok();
    }
    let me = browser.get("/v1/me").await.ok()["response"].take();
    assert!(me["primary_phone_number_id"].is_null());

    let last = browser.call(Method::PATCH, "/v1/me", &[("username", "")]).await;
    assert_eq!(last.error(), (400, "last_identification_deletion_failed"));
    let short = browser.call(Method::PATCH, "/v1/me", &[("username", "j")]).await;
    assert_eq!(short.error(), (422, "form_username_invalid_length"));
    let me = browser
        .call(Method::PATCH, "/v1/me", &[("username", "janet")])
        .await
        .ok();
    assert_eq!(me["response"]["username"], "janet");
    let mut other = local.browser().await;
    let old = other
        .post("/v1/client/sign_ins", &[("identifier", "jane_doe")])
        .await;
    assert_eq!(old.error(), (422, "form_identifier_not_found"));
    sign_in(&mut other, &[("identifier", "janet"), ("password", PASSWORD)]).await;
}
