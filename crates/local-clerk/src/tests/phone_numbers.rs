//! Phone numbers and usernames in the profile.

use http::Method;
use serde_json::json;

use super::{
    Local, PASSWORD,
    identifiers::{CODE, SEED, sign_in},
};

#[tokio::test]
async fn phone_number_becomes_a_second_factor() {
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
async fn profile_changes_phone_numbers_and_usernames() {
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
