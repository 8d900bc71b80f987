use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD, second_factor};
use crate::{
    Instance,
    model::{MINUTE, Session},
    store::{self, Store},
};

/// Ages the verifications of all sessions.
async fn age_verifications(local: &Local, minutes: i64) {
    let age = move |connection: &mut rusqlite::Connection| {
        let store = Store::begin(connection)?;
        for mut session in store.all::<Session>()? {
            session.first_factor_at -= minutes * MINUTE;
            session.second_factor_at = session.second_factor_at.map(|at| at - minutes * MINUTE);
            store.put(&session)?;
        }
        store.commit()
    };
    let aged: Result<(), tokio_rusqlite::Error<store::Error>> = local.shared.connection.call(age).await;
    aged.unwrap();
}

async fn verify(browser: &mut Browser<'_>, step: &str, fields: &[(&str, &str)]) -> super::Answer {
    let session = browser.session_id().await;
    browser
        .post(&format!("/v1/client/sessions/{session}/verify{step}"), fields)
        .await
}

#[tokio::test]
async fn sensitive_changes_require_recent_verification() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let address = [("email_address", "work@example.com")];
    browser.post("/v1/me/email_addresses", &address).await.ok();
    age_verifications(&local, 10).await;
    let post = Method::POST;
    for (method, path, fields) in [
        (
            &post,
            "/v1/me/email_addresses",
            &[("email_address", "x@example.com")][..],
        ),
        (
            &post,
            "/v1/me/change_password",
            &[("new_password", PASSWORD), ("current_password", PASSWORD)],
        ),
        (&post, "/v1/me/totp", &[]),
        (&post, "/v1/me/external_accounts", &[]),
        (&Method::PATCH, "/v1/me", &[("username", "jane")]),
        (&Method::DELETE, "/v1/me", &[]),
    ] {
        let refused = browser.call(method.clone(), path, fields).await;
        assert_eq!(
            refused.error(),
            (403, "session_reverification_required"),
            "{method} {path}"
        );
    }
    browser
        .call(Method::PATCH, "/v1/me", &[("first_name", "Jane")])
        .await
        .ok();

    let early = [("strategy", "password"), ("password", PASSWORD)];
    let refused = verify(&mut browser, "/attempt_first_factor", &early).await;
    assert_eq!(refused.error(), (400, "verification_missing"));
    let refused = verify(&mut browser, "", &[("level", "third_factor")]).await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    let started = verify(&mut browser, "", &[("level", "second_factor")]).await.ok();
    let response = &started["response"];
    assert_eq!(
        response["status"], "needs_first_factor",
        "the user has no second factor"
    );
    let strategies: Vec<&Value> = response["supported_first_factors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|factor| &factor["strategy"])
        .collect();
    assert_eq!(strategies, ["email_code", "password"]);
    let wrong = [("strategy", "password"), ("password", "wrong horse battery")];
    let refused = verify(&mut browser, "/attempt_first_factor", &wrong).await;
    assert_eq!(refused.error(), (422, "form_password_incorrect"));
    let reset = [("strategy", "reset_password_email_code")];
    let refused = verify(&mut browser, "/prepare_first_factor", &reset).await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    let code = [("strategy", "email_code"), ("code", "424242")];
    verify(&mut browser, "/prepare_first_factor", &code[..1])
        .await
        .ok();
    let done = verify(&mut browser, "/attempt_first_factor", &code).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    let session = &done["client"]["sessions"][0];
    assert_eq!(session["factor_verification_age"], json!([0, -1]));
    assert_eq!(done["response"]["session"]["id"], session["id"]);
    browser.post("/v1/me/totp", &[]).await.ok();
}

#[tokio::test]
async fn reverification_asks_for_the_second_factor_if_there_is_one() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let backup_code = second_factor::set_up(&local, &mut browser).await;
    age_verifications(&local, 10).await;
    let started = verify(&mut browser, "", &[("level", "second_factor")]).await.ok();
    assert_eq!(started["response"]["status"], "needs_second_factor");
    let wrong = [("strategy", "backup_code"), ("code", "nonsense")];
    let refused = verify(&mut browser, "/attempt_second_factor", &wrong).await;
    assert_eq!(refused.error(), (422, "form_code_incorrect"));
    let none = verify(&mut browser, "/prepare_second_factor", &[("strategy", "totp")]).await;
    assert_eq!(none.error(), (422, "form_param_value_invalid"));
    let right = [("strategy", "backup_code"), ("code", backup_code.as_str())];
    let done = verify(&mut browser, "/attempt_second_factor", &right).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    assert_eq!(
        done["client"]["sessions"][0]["factor_verification_age"],
        json!([10, 0])
    );
    browser.post("/v1/me/backup_codes", &[]).await.ok();

    let started = verify(&mut browser, "", &[("level", "multi_factor")]).await.ok();
    assert_eq!(started["response"]["status"], "needs_first_factor");
    let password = [("strategy", "password"), ("password", PASSWORD)];
    let half = verify(&mut browser, "/attempt_first_factor", &password)
        .await
        .ok();
    assert_eq!(half["response"]["status"], "needs_second_factor");
    let used = verify(&mut browser, "/attempt_second_factor", &right).await;
    assert_eq!(used.error(), (422, "form_code_incorrect"));
}

#[tokio::test]
async fn reverification_can_be_disabled() {
    let local = Local::with_seed("[settings]\nreverification = false\n").await;
    let mut browser = local.signed_up("jane@example.com").await;
    age_verifications(&local, 60).await;
    browser.post("/v1/me/totp", &[]).await.ok();
}

#[tokio::test]
async fn touch_renews_the_client_cookie() {
    let local = Local::new(Instance::Production).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let back = browser
        .get("/v1/client/touch?redirect_url=http%3A%2F%2Flocalhost%3A5001%2Fprofile")
        .await;
    assert_eq!(back.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(back.headers[header::LOCATION], "http://localhost:5001/profile");
    let renewed = format!("__client={}; ", browser.cookie("__client").unwrap());
    assert!(
        back.cookies()
            .iter()
            .any(|cookie| cookie.starts_with(&renewed) && cookie.contains("; Max-Age=31536000")),
        "{:?}",
        back.cookies()
    );
    let away = browser
        .get("/v1/client/touch?redirect_url=https%3A%2F%2Fevil.test%2F")
        .await;
    assert_eq!(away.error(), (422, "form_param_format_invalid"));
}

#[tokio::test]
async fn sms_code_reverifies_the_second_factor() {
    let local =
        Local::with_seed("[settings]\nphone_number = \"optional\"\nsecond_factors = [\"phone_code\"]\n")
            .await;
    let mut browser = local.signed_up("jane@example.com").await;
    let number = [("phone_number", "+12015550123")];
    let created = browser.post("/v1/me/phone_numbers", &number).await.ok();
    let path = format!(
        "/v1/me/phone_numbers/{}",
        created["response"]["id"].as_str().unwrap()
    );
    let code = [("strategy", "phone_code"), ("code", "424242")];
    browser
        .post(&format!("{path}/prepare_verification"), &code[..1])
        .await
        .ok();
    browser
        .post(&format!("{path}/attempt_verification"), &code)
        .await
        .ok();
    let reserved = [
        ("reserved_for_second_factor", "true"),
        ("default_second_factor", "true"),
    ];
    browser.call(Method::PATCH, &path, &reserved).await.ok();
    let started = verify(&mut browser, "", &[("level", "second_factor")]).await.ok();
    assert_eq!(started["response"]["status"], "needs_second_factor");
    let early = verify(&mut browser, "/attempt_second_factor", &code).await;
    assert_eq!(early.error(), (400, "verification_missing"));
    verify(&mut browser, "/prepare_second_factor", &code[..1])
        .await
        .ok();
    let done = verify(&mut browser, "/attempt_second_factor", &code).await.ok();
    assert_eq!(done["response"]["status"], "complete");
}
