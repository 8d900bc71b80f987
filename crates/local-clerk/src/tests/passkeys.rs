//! Passkeys, with an authenticator in software.

mod authenticator;
mod sign_in;

use http::Method;
use serde_json::{Value, json};

use super::{Answer, Browser, Local, PASSWORD};
use crate::Instance;
use authenticator::Authenticator;

const ON: &str = "[settings]\npasskeys = true\n";
const SIGN_INS: &str = "/v1/client/sign_ins";

/// The options for the browser in a verification.
#[track_caller]
fn options(verification: &Value) -> Value {
    assert_eq!(verification["object"], "verification_passkey");
    assert_eq!(verification["status"], "unverified");
    serde_json::from_str(verification["nonce"].as_str().unwrap()).unwrap()
}

/// Begins a passkey; returns its path and the options for the browser.
async fn begin(browser: &mut Browser<'_>) -> (String, Value) {
    let begun = browser.post("/v1/me/passkeys", &[]).await.ok();
    let passkey = &begun["response"];
    let path = format!("/v1/me/passkeys/{}", passkey["id"].as_str().unwrap());
    (path, options(&passkey["verification"]))
}

async fn attempt(browser: &mut Browser<'_>, path: &str, credential: &str) -> Answer {
    let fields = [("strategy", "passkey"), ("public_key_credential", credential)];
    browser
        .post(&format!("{path}/attempt_verification"), &fields)
        .await
}

/// Creates a passkey, and returns its path.
async fn create(browser: &mut Browser<'_>, authenticator: &mut Authenticator) -> String {
    let (path, options) = begin(browser).await;
    let credential = authenticator.create(&options);
    let created = attempt(browser, &path, &credential).await.ok();
    assert_eq!(created["response"]["verification"]["status"], "verified");
    path
}

/// Starts a sign-in, and returns its path and the options for the browser.
async fn start(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> (String, Value) {
    let started = browser.post(SIGN_INS, fields).await.ok();
    let sign_in = &started["response"];
    assert_eq!(sign_in["status"], "needs_first_factor");
    let path = format!("{SIGN_INS}/{}", sign_in["id"].as_str().unwrap());
    (path, options(&sign_in["first_factor_verification"]))
}

async fn answer(browser: &mut Browser<'_>, path: &str, assertion: &str) -> Answer {
    let fields = [("strategy", "passkey"), ("public_key_credential", assertion)];
    browser
        .post(&format!("{path}/attempt_first_factor"), &fields)
        .await
}

#[tokio::test]
async fn passkeys_are_created_renamed_and_deleted() {
    let local = Local::with_seed(ON).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let (path, options) = begin(&mut browser).await;
    assert_eq!(options["rp"], json!({ "id": "localhost", "name": "Local Clerk" }));
    assert_eq!(options["user"]["name"], "jane@example.com");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["excludeCredentials"], json!([]));
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me["response"]["passkeys"], json!([]), "it does not exist yet");

    let mut authenticator = Authenticator::es256();
    let created = attempt(&mut browser, &path, &authenticator.create(&options))
        .await
        .ok();
    let passkey = &created["response"];
    assert_eq!(
        (&passkey["object"], &passkey["name"]),
        (&json!("passkey"), &json!("Passkey"))
    );
    assert!(passkey["verification"]["nonce"].is_null() && passkey["last_used_at"].is_null());
    assert_eq!(&created["client"]["sessions"][0]["user"]["passkeys"][0], passkey);
    let again = attempt(&mut browser, &path, &authenticator.create(&options)).await;
    assert_eq!(again.error(), (400, "verification_already_verified"));

    let (other, options) = begin(&mut browser).await;
    assert_eq!(
        options["excludeCredentials"],
        json!([{ "type": "public-key", "id": authenticator.id() }])
    );
    let taken = attempt(&mut browser, &other, &authenticator.create(&options)).await;
    assert_eq!(taken.error(), (422, "form_identifier_exists"));

    let renamed = browser
        .call(Method::PATCH, &path, &[("name", "My phone")])
        .await
        .ok();
    assert_eq!(renamed["response"]["name"], "My phone");
    assert_eq!(browser.get(&path).await.ok()["response"], renamed["response"]);
    let long = "x".repeat(300);
    let refused = browser.call(Method::PATCH, &path, &[("name", &long)]).await;
    assert_eq!(refused.error(), (422, "form_param_max_length_exceeded"));
    let deleted = browser.call(Method::DELETE, &path, &[]).await.ok();
    assert_eq!(deleted["response"]["deleted"], true);
    for (method, fields) in [
        (Method::GET, &[][..]),
        (Method::PATCH, &[("name", "x")]),
        (Method::DELETE, &[]),
    ] {
        let gone = browser.call(method, &path, fields).await;
        assert_eq!(gone.error(), (404, "resource_not_found"));
    }
    let (path, options) = start(&mut local.browser().await, &[("strategy", "passkey")]).await;
    assert!(!path.is_empty() && options["rpId"] == "localhost");
    create(&mut browser, &mut authenticator).await;
}

/// A change of the authenticator, and the error that it leads to.
type Fault = (fn(&mut Authenticator), (u16, &'static str), &'static str);

const FAULTS: [Fault; 5] = [
    (
        |authenticator| authenticator.challenge = Some("YWJj".to_owned()),
        (400, "passkey_invalid_verification"),
        "nonce",
    ),
    (
        |authenticator| authenticator.origin = "http://localhost:5009".to_owned(),
        (400, "passkey_authentication_failure"),
        "another origin",
    ),
    (
        |authenticator| authenticator.host = "example.com".to_owned(),
        (400, "passkey_authentication_failure"),
        "another host",
    ),
    (
        |authenticator| authenticator.flags = 0b0000_0001,
        (400, "passkey_authentication_failure"),
        "not verified the user",
    ),
    (
        |authenticator| authenticator.flags = 0b0000_0100,
        (400, "passkey_authentication_failure"),
        "not verified the user",
    ),
];

#[track_caller]
fn assert_refused(refused: &Answer, expected: (u16, &str), reason: &str) {
    assert_eq!(refused.error(), expected);
    let message = refused.body["errors"][0]["long_message"].as_str().unwrap();
    assert!(message.contains(reason), "{message}");
}

#[tokio::test]
async fn wrong_credentials_are_refused_when_a_passkey_is_created() {
    let local = Local::with_seed(ON).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let (path, options) = begin(&mut browser).await;
    for (change, error, reason) in FAULTS {
        let mut authenticator = Authenticator::es256();
        change(&mut authenticator);
        let refused = attempt(&mut browser, &path, &authenticator.create(&options)).await;
        assert_refused(&refused, error, reason);
    }
    let mut authenticator = Authenticator::es256();
    let assertion = authenticator.get(&options);
    let good: Value = serde_json::from_str(&authenticator.create(&options)).unwrap();
    let mut other_id = good.clone();
    other_id["rawId"] = json!("YWJj");
    let mut garbage = good.clone();
    garbage["response"]["attestationObject"] = json!("YWJj");
    for credential in ["{}", "x", &assertion, &other_id.to_string(), &garbage.to_string()] {
        let refused = attempt(&mut browser, &path, credential).await;
        assert_eq!(
            refused.error(),
            (422, "passkey_invalid_public_key_credential"),
            "{credential}"
        );
    }
    let missing = browser.post(&format!("{path}/attempt_verification"), &[]).await;
    assert_eq!(missing.error(), (422, "form_param_missing"));
    let strategy = [("strategy", "totp"), ("public_key_credential", "{}")];
    let refused = browser
        .post(&format!("{path}/attempt_verification"), &strategy)
        .await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    attempt(&mut browser, &path, &good.to_string()).await.ok();
}

#[tokio::test]
async fn passkeys_are_off_by_default_and_follow_the_settings() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(
        environment["user_settings"]["attributes"]["passkey"]["enabled"],
        false
    );
    let refused = browser.post("/v1/me/passkeys", &[]).await;
    assert_eq!(refused.error(), (403, "feature_not_enabled"));
    let refused = local
        .browser()
        .await
        .post(SIGN_INS, &[("strategy", "passkey")])
        .await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));

    let local = Local::with_seed(&format!("{ON}passkey_autofill = false\n")).await;
    let environment = local.browser().await.get("/v1/environment").await.ok();
    let settings = &environment["user_settings"];
    let attribute = &settings["attributes"]["passkey"];
    assert_eq!(
        (&attribute["enabled"], &attribute["required"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(attribute["first_factors"], json!(["passkey"]));
    let expected = json!({
        "allow_autofill": false,
        "show_sign_in_button": true,
        "satisfies_second_factor": true,
    });
    assert_eq!(settings["passkey_settings"], expected);
}

#[tokio::test]
async fn backends_see_and_delete_passkeys() {
    let local = Local::with_seed(ON).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let mut authenticator = Authenticator::es256();
    let path = create(&mut browser, &mut authenticator).await;
    let id = path.rsplit('/').next().unwrap();
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let user = &users[0];
    assert_eq!(user["passkeys"][0]["id"], id);
    assert_eq!(
        user["passkeys"][0]["last_used_at"],
        browser.get(&path).await.ok()["response"]["created_at"]
    );
    let path = format!("/v1/users/{}/passkeys/{id}", user["id"].as_str().unwrap());
    let deleted = local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    assert_eq!(deleted, json!({ "object": "passkey", "id": id, "deleted": true }));
    let gone = local.backend(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(gone.error(), (404, "resource_not_found"));

    let mut other = local.browser().await;
    let (path, options) = start(&mut other, &[("strategy", "passkey")]).await;
    let refused = answer(&mut other, &path, &authenticator.get(&options)).await;
    assert_eq!(refused.error(), (404, "passkey_not_registered"));
    let password = [("identifier", "jane@example.com"), ("password", PASSWORD)];
    other.post(SIGN_INS, &password).await.ok();
}
