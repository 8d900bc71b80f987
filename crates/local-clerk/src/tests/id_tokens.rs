//! Providers' ID tokens, which native apps and Google One Tap send.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Local, PASSWORD};

const SEED: &str = "[settings]\nsocial = [\"google\", \"apple\"]\n";
const SIGN_INS: &str = "/v1/client/sign_ins";
const SIGN_UPS: &str = "/v1/client/sign_ups";

/// A token that a test has made: nobody has signed it.
fn token(claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(claims))
}

fn jane() -> Value {
    json!({
        "sub": "1234",
        "email": "Jane@example.com",
        "email_verified": true,
        "given_name": "Jane",
        "family_name": "Doe",
        "exp": 4_000_000_000_i64,
    })
}

#[tokio::test]
async fn google_one_tap_signs_new_users_up_and_known_ones_in() {
    let local = Local::with_seed(SEED).await;
    let token = token(&jane());
    let fields = [("strategy", "google_one_tap"), ("token", token.as_str())];
    let mut browser = local.browser().await;
    // clerk-js then signs up with the same token.
    let unknown = browser.post(SIGN_INS, &fields).await;
    assert_eq!(unknown.error(), (422, "external_account_not_found"));
    let signed_up = browser.post(SIGN_UPS, &fields).await.ok();
    assert_eq!(signed_up["response"]["status"], "complete");
    let user = &signed_up["client"]["sessions"][0]["user"];
    assert_eq!(user["email_addresses"][0]["email_address"], "jane@example.com");
    assert_eq!(
        (&user["first_name"], &user["last_name"]),
        (&json!("Jane"), &json!("Doe"))
    );
    assert_eq!(user["external_accounts"][0]["provider"], "google");

    let mut other = local.browser().await;
    let signed_in = other.post(SIGN_INS, &fields).await.ok()["response"].take();
    assert_eq!(signed_in["status"], "complete");
    let verification = &signed_in["first_factor_verification"];
    assert_eq!(verification["object"], "verification_google_one_tap");
    let again = local.browser().await.post(SIGN_UPS, &fields).await.ok();
    let account = &again["response"]["verifications"]["external_account"];
    assert_eq!(account["status"], "transferable");
    assert_eq!(account["error"]["code"], "external_account_exists");
}

#[tokio::test]
async fn sign_in_with_the_token_of_a_native_app_can_be_transferred_to_a_sign_up() {
    let local = Local::with_seed(SEED).await;
    // Apple writes this claim as a text.
    let mut claims = jane();
    claims["email_verified"] = json!("true");
    let token = token(&claims);
    let fields = [("strategy", "oauth_token_apple"), ("token", token.as_str())];
    let mut browser = local.browser().await;
    let unknown = browser.post(SIGN_INS, &fields).await.ok();
    let verification = &unknown["response"]["first_factor_verification"];
    assert_eq!(verification["status"], "transferable");
    let signed_up = browser.post(SIGN_UPS, &[("transfer", "true")]).await.ok();
    assert_eq!(signed_up["response"]["status"], "complete");
    let user = &signed_up["client"]["sessions"][0]["user"];
    assert_eq!(user["external_accounts"][0]["provider"], "apple");

    let mut other = local.browser().await;
    let signed_up = other.post(SIGN_UPS, &fields).await.ok();
    let account = &signed_up["response"]["verifications"]["external_account"];
    assert_eq!(account["status"], "transferable");
    let transferred = other.post(SIGN_INS, &[("transfer", "true")]).await.ok();
    assert_eq!(transferred["response"]["status"], "complete");
    let signed_in = local.browser().await.post(SIGN_INS, &fields).await.ok();
    assert_eq!(signed_in["response"]["status"], "complete");
}

#[tokio::test]
async fn account_is_connected_by_a_token() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.signed_up("joe@example.com").await;
    let token = token(&jane());
    let fields = [("strategy", "oauth_token_google"), ("token", token.as_str())];
    let connected = browser.post("/v1/me/external_accounts", &fields).await.ok();
    let account = &connected["response"];
    assert_eq!(account["verification"]["status"], "verified");
    assert_eq!(account["provider_user_id"], "1234");
    let mut zoe = local.signed_up("zoe@example.com").await;
    let taken = zoe.post("/v1/me/external_accounts", &fields).await.ok();
    assert_ne!(taken["response"]["verification"]["status"], "verified");
    let one_tap = [("strategy", "google_one_tap"), ("token", token.as_str())];
    let signed_in = local.browser().await.post(SIGN_INS, &one_tap).await.ok();
    assert_eq!(signed_in["response"]["identifier"], "jane@example.com");
}

#[tokio::test]
async fn bad_tokens_are_refused() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let mut expired = jane();
    expired["exp"] = json!(1_000_000_000);
    let no_subject = json!({ "email": "jane@example.com" });
    for token in ["x", "x.y.z", &token(&expired), &token(&no_subject)] {
        for (strategy, error) in [
            ("google_one_tap", (400, "google_one_tap_token_invalid")),
            ("oauth_token_google", (422, "form_param_value_invalid")),
        ] {
            for path in [SIGN_INS, SIGN_UPS] {
                let refused = browser
                    .post(path, &[("strategy", strategy), ("token", token)])
                    .await;
                assert_eq!(refused.error(), error, "{strategy} {token}");
            }
        }
    }
    let token = token(&jane());
    for (fields, error) in [
        (&[("strategy", "google_one_tap")][..], (422, "form_param_missing")),
        (
            &[("strategy", "oauth_token_google"), ("code", "x")],
            (400, "not_supported_by_local_clerk"),
        ),
        (
            &[("strategy", "oauth_token_github"), ("token", token.as_str())],
            (422, "form_param_value_invalid"),
        ),
    ] {
        assert_eq!(browser.post(SIGN_INS, fields).await.error(), error);
    }
    let mut joe = local.signed_up("joe@example.com").await;
    let fields = [("strategy", "google_one_tap"), ("token", token.as_str())];
    assert_eq!(joe.post(SIGN_INS, &fields).await.error(), (400, "session_exists"));
    let password = [("identifier", "jane@example.com"), ("password", PASSWORD)];
    let unknown = browser.post(SIGN_INS, &password).await;
    assert_eq!(
        unknown.error(),
        (422, "form_identifier_not_found"),
        "no user was made"
    );
}
