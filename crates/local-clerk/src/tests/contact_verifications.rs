//! Codes with which a backend verifies addresses and numbers.

use http::Method;
use serde_json::{Value, json};

use super::Local;

async fn post(local: &Local, path: &str, body: Value) -> super::Answer {
    local.backend(Method::POST, path, &body).await
}

#[tokio::test]
async fn a_code_verifies_a_contact() {
    let local = Local::with_seed("[settings]\nphone_number = \"optional\"\n").await;
    let user = json!({ "email_address": ["jane@example.com"] });
    let user = post(&local, "/v1/users", user).await.ok();
    for (kind, value, strategy, channel) in [
        ("email_address", "more@example.com", "email_code", Value::Null),
        ("phone_number", "+12015550100", "phone_code", json!("sms")),
    ] {
        let list = match kind {
            "email_address" => "/v1/email_addresses",
            _ => "/v1/phone_numbers",
        };
        let contact = json!({ "user_id": user["id"], kind: value, "verified": false });
        let contact = post(&local, list, contact).await.ok();
        assert_eq!(contact["verification"], Value::Null);
        let path = format!("{list}/{}", contact["id"].as_str().unwrap());
        let (prepare, attempt) = (
            format!("{path}/prepare_verification"),
            format!("{path}/attempt_verification"),
        );
        let sent = post(&local, &prepare, Value::Null).await.ok();
        assert_eq!(
            (&sent["status"], &sent["strategy"], &sent["channel"]),
            (&json!("unverified"), &json!(strategy), &channel)
        );
        let try_code = |code: &str| json!({ "verification_id": sent["id"], "code": code });
        let wrong = post(&local, &attempt, try_code("000000")).await.ok();
        assert_eq!(
            (&wrong["status"], &wrong["attempts"]),
            (&json!("unverified"), &json!(1))
        );
        let right = post(&local, &attempt, try_code("424242")).await.ok();
        assert_eq!(
            (&right["status"], &right["attempts"]),
            (&json!("verified"), &json!(2))
        );
        let again = post(&local, &attempt, try_code("424242")).await;
        assert_eq!(again.error(), (400, "verification_already_verified"));
        let contact = local.backend(Method::GET, &path, &Value::Null).await.ok();
        assert_eq!(contact["verification"]["strategy"], strategy);

        // Another code changes nothing about a contact that is verified.
        let second = post(&local, &prepare, Value::Null).await.ok();
        for _ in 0..5 {
            let guess = json!({ "verification_id": second["id"], "code": "000000" });
            post(&local, &attempt, guess).await.ok();
        }
        let guess = json!({ "verification_id": second["id"], "code": "424242" });
        assert_eq!(post(&local, &attempt, guess).await.ok()["status"], "failed");
        let unchanged = local.backend(Method::GET, &path, &Value::Null).await.ok();
        assert_eq!(unchanged, contact);
    }
}

#[tokio::test]
async fn a_code_is_for_its_own_contact() {
    let local = Local::with_seed("[settings]\ncode_lifetime = 0\n").await;
    let user = json!({ "email_address": ["jane@example.com", "other@example.com"] });
    let user = post(&local, "/v1/users", user).await.ok();
    let path = |number: usize| {
        let id = user["email_addresses"][number]["id"].as_str().unwrap();
        format!("/v1/email_addresses/{id}")
    };
    let sent = post(&local, &format!("{}/prepare_verification", path(0)), Value::Null)
        .await
        .ok();
    let code = json!({ "verification_id": sent["id"], "code": "424242" });
    let other = post(&local, &format!("{}/attempt_verification", path(1)), code.clone()).await;
    assert_eq!(other.error(), (404, "resource_not_found"));
    let late = post(&local, &format!("{}/attempt_verification", path(0)), code)
        .await
        .ok();
    assert_eq!(late["status"], "expired");
    let unknown = json!({ "verification_id": "ver_unknown", "code": "424242" });
    let unknown = post(&local, &format!("{}/attempt_verification", path(0)), unknown).await;
    assert_eq!(unknown.error(), (404, "resource_not_found"));
    let nobody = post(
        &local,
        "/v1/email_addresses/idn_unknown/prepare_verification",
        Value::Null,
    )
    .await;
    assert_eq!(nobody.error(), (404, "resource_not_found"));
}
