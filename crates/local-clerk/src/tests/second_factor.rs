use http::Method;

use super::{Browser, Local, PASSWORD};
use crate::{
    Instance,
    clock::{Clock as _, SystemClock},
    model::{Totp, User},
    store::Store,
};

/// The code of the authenticator app, whose key is read from the store.
pub(super) async fn app_code(local: &Local, steps_ahead: i64) -> String {
    let call = |connection: &mut rusqlite::Connection| {
        let store = Store::begin(connection)?;
        let totp = store.all::<User>()?.into_iter().find_map(|user| user.totp);
        Ok::<Option<Totp>, crate::store::Error>(totp)
    };
    let totp = local.shared.connection.call(call).await.unwrap().unwrap();
    totp.code_at(SystemClock.now() + steps_ahead * 30_000)
}

/// Sets up an authenticator app and returns a backup code.
pub(super) async fn set_up(local: &Local, browser: &mut Browser<'_>) -> String {
    browser.post("/v1/me/totp", &[]).await.ok();
    let code = app_code(local, 0).await;
    let verify = "/v1/me/totp/attempt_verification";
    let verified = browser.post(verify, &[("code", &code)]).await.ok();
    verified["response"]["backup_codes"][0]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn sign_in_requires_an_authenticator_code_or_a_backup_code() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.signed_up("jane@example.com").await;
    assert_eq!(
        browser.post("/v1/me/backup_codes", &[]).await.error(),
        (400, "backup_codes_not_available")
    );
    let created = browser.post("/v1/me/totp", &[]).await.ok();
    assert!(
        created["response"]["uri"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/")
    );
    assert_eq!(
        created["client"]["sessions"][0]["user"]["two_factor_enabled"],
        false
    );
    let verify = "/v1/me/totp/attempt_verification";
    assert_eq!(
        browser.post(verify, &[("code", "abcdef")]).await.error(),
        (422, "form_code_incorrect")
    );
    let code = app_code(&local, 0).await;
    let verified = browser.post(verify, &[("code", &code)]).await.ok();
    let backup_code = verified["response"]["backup_codes"][0]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        verified["client"]["sessions"][0]["user"]["two_factor_enabled"],
        true
    );

    for (strategy, second) in [
        ("totp", app_code(&local, 1).await),
        ("backup_code", backup_code.clone()),
    ] {
        let mut other = local.browser().await;
        let fields = [("identifier", "jane@example.com"), ("password", PASSWORD)];
        let started = other.post("/v1/client/sign_ins", &fields).await.ok();
        assert_eq!(started["response"]["status"], "needs_second_factor");
        assert_eq!(started["client"]["sessions"].as_array().unwrap().len(), 0);
        let path = format!(
            "/v1/client/sign_ins/{}",
            started["response"]["id"].as_str().unwrap()
        );
        let attempt = format!("{path}/attempt_second_factor");
        let wrong = other
            .post(&attempt, &[("strategy", strategy), ("code", "999999x")])
            .await;
        assert_eq!(wrong.error(), (422, "form_code_incorrect"));
        let done = other
            .post(&attempt, &[("strategy", strategy), ("code", &second)])
            .await
            .ok();
        assert_eq!(done["response"]["status"], "complete");
        assert_eq!(done["client"]["sessions"][0]["factor_verification_age"][1], 0);
    }

    let renewed = browser.post("/v1/me/backup_codes", &[]).await.ok();
    let codes = renewed["response"]["codes"].as_array().unwrap();
    assert!(codes.len() >= 10 && !codes.contains(&backup_code.into()));
    browser.call(Method::DELETE, "/v1/me/totp", &[]).await.ok();
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(
        (
            &me["response"]["totp_enabled"],
            &me["response"]["backup_code_enabled"]
        ),
        (&false.into(), &false.into())
    );
}
