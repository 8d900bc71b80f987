//! Flows that sign in or up, and tell only after the verification which of the two it is.

use serde_json::{Value, json};

use super::{Answer, Browser, Local, PASSWORD};
use crate::Instance;

const SIGN_INS: &str = "/v1/client/sign_ins";
const CODE: [(&str, &str); 2] = [("strategy", "email_code"), ("code", "424242")];

async fn start(browser: &mut Browser<'_>, identifier: &str) -> Answer {
    let fields = [("identifier", identifier), ("sign_up_if_missing", "true")];
    browser.post(SIGN_INS, &fields).await
}

fn path(sign_in: &Value) -> String {
    format!("{SIGN_INS}/{}", sign_in["id"].as_str().unwrap())
}

#[tokio::test]
async fn new_address_is_transferred_to_a_sign_up() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    let started = start(&mut browser, "Jane@example.com").await.ok()["response"].take();
    assert_eq!(started["status"], "needs_first_factor");
    assert_eq!(started["identifier"], "jane@example.com");
    let factor = &started["supported_first_factors"][0];
    assert_eq!(factor["strategy"], "email_code");
    let id = factor["email_address_id"].as_str().unwrap();
    let (prepare, attempt) = (
        format!("{}/prepare_first_factor", path(&started)),
        format!("{}/attempt_first_factor", path(&started)),
    );
    let early = browser.post(&attempt, &CODE).await;
    assert_eq!(early.error(), (400, "verification_missing"));
    let transfer = [("transfer", "true")];
    let early = browser.post("/v1/client/sign_ups", &transfer).await;
    assert_eq!(early.error(), (400, "account_transfer_invalid"));
    for (fields, error) in [
        (
            &[("strategy", "password")][..],
            (400, "strategy_for_user_invalid"),
        ),
        (
            &[("strategy", "email_code"), ("email_address_id", "idn_other")],
            (422, "form_param_value_invalid"),
        ),
    ] {
        assert_eq!(browser.post(&prepare, fields).await.error(), error);
    }
    let chosen = [("strategy", "email_code"), ("email_address_id", id)];
    let sent = browser.post(&prepare, &chosen).await.ok();
    let verification = &sent["response"]["first_factor_verification"];
    assert_eq!(verification["status"], "unverified");
    let wrong = browser.post(&attempt, &[CODE[0], ("code", "000000")]).await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    let verified = browser.post(&attempt, &CODE).await;
    assert_eq!(verified.error(), (422, "sign_up_if_missing_transfer"));
    // clerk-js takes it over from the error.
    let sign_in = &verified.body["meta"]["client"]["sign_in"];
    assert_eq!(sign_in["first_factor_verification"]["status"], "transferable");

    let fields = [transfer[0], ("password", PASSWORD)];
    let signed_up = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(signed_up["response"]["status"], "complete");
    let user = &signed_up["client"]["sessions"][0]["user"];
    assert_eq!(user["email_addresses"][0]["email_address"], "jane@example.com");

    let mut other = local.browser().await;
    let started = start(&mut other, "jane@example.com").await.ok()["response"].take();
    let path = path(&started);
    other
        .post(&format!("{path}/prepare_first_factor"), &CODE[..1])
        .await
        .ok();
    let done = other
        .post(&format!("{path}/attempt_first_factor"), &CODE)
        .await
        .ok();
    assert_eq!(done["response"]["status"], "complete", "there is an account now");
}

#[tokio::test]
async fn nobody_is_offered_a_sign_up_that_is_not_possible() {
    let unknown = (422, "form_identifier_not_found");
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for identifier in ["jane", "+12015550100", "jane@"] {
        assert_eq!(
            start(&mut browser, identifier).await.error(),
            unknown,
            "{identifier}"
        );
    }
    let restricted = Local::with_seed("[settings]\nsign_up_mode = \"restricted\"\n").await;
    let refused = start(&mut restricted.browser().await, "jane@example.com").await;
    assert_eq!(refused.error(), unknown);
    let body = json!({ "allowlist": true });
    local
        .backend(http::Method::PATCH, "/v1/instance/restrictions", &body)
        .await
        .ok();
    let refused = start(&mut browser, "jane@example.com").await;
    assert_eq!(refused.error(), (403, "not_allowed_access"));
}
