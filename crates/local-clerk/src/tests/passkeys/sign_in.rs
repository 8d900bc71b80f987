use serde_json::{Value, json};

use super::{
    super::{Local, second_factor},
    FAULTS, ON, SIGN_INS, answer, assert_refused,
    authenticator::Authenticator,
    create, options, start,
};

#[tokio::test]
async fn users_sign_in_with_a_passkey_of_any_algorithm() {
    let local = Local::with_seed(ON).await;
    let mut jane = local.signed_up("jane@example.com").await;
    for mut authenticator in [
        Authenticator::es256(),
        Authenticator::ed25519(),
        Authenticator::rs256(),
    ] {
        create(&mut jane, &mut authenticator).await;
        let mut browser = local.browser().await;
        let (path, options) = start(&mut browser, &[("strategy", "passkey")]).await;
        assert_eq!(options["allowCredentials"], json!([]), "whoever it is");
        let done = answer(&mut browser, &path, &authenticator.get(&options))
            .await
            .ok();
        assert_eq!(done["response"]["status"], "complete");
        assert_eq!(done["response"]["identifier"], "jane@example.com");
        let client = &done["client"];
        assert_eq!(client["last_authentication_strategy"], "passkey");
        let used = &client["sessions"][0]["user"]["passkeys"];
        let used = used.as_array().unwrap().last().unwrap();
        assert!(used["last_used_at"].is_i64(), "{used}");
        let again = browser.post(SIGN_INS, &[("strategy", "passkey")]).await;
        assert_eq!(again.error(), (400, "session_exists"));
    }
}

#[tokio::test]
async fn passkey_is_a_first_factor_of_a_known_user() {
    let local = Local::with_seed(ON).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let (mut one, mut other) = (Authenticator::es256(), Authenticator::es256());
    let path = create(&mut jane, &mut one).await;
    create(&mut jane, &mut other).await;
    let mut joe = local.signed_up("joe@example.com").await;
    let mut foreign = Authenticator::es256();
    create(&mut joe, &mut foreign).await;

    let mut browser = local.browser().await;
    let started = browser
        .post(SIGN_INS, &[("identifier", "jane@example.com")])
        .await
        .ok();
    let factors = started["response"]["supported_first_factors"].as_array().unwrap();
    assert!(factors.contains(&json!({ "strategy": "passkey" })));
    let sign_in = format!("{SIGN_INS}/{}", started["response"]["id"].as_str().unwrap());
    let prepare = format!("{sign_in}/prepare_first_factor");
    let id = path.rsplit('/').next().unwrap();
    let chosen = [("strategy", "passkey"), ("passkey_id", id)];
    for (fields, ids) in [
        (&chosen[..1], vec![one.id(), other.id()]),
        (&chosen[..], vec![one.id()]),
    ] {
        let prepared = browser.post(&prepare, fields).await.ok();
        let options = options(&prepared["response"]["first_factor_verification"]);
        let allowed = options["allowCredentials"].as_array().unwrap();
        let allowed: Vec<&str> = allowed
            .iter()
            .map(|credential| credential["id"].as_str().unwrap())
            .collect();
        assert_eq!(allowed, ids);
        let refused = answer(&mut browser, &sign_in, &foreign.get(&options)).await;
        assert_eq!(refused.error(), (404, "passkey_not_registered"));
    }
    let prepared = browser.post(&prepare, &chosen).await.ok();
    let options = options(&prepared["response"]["first_factor_verification"]);
    let done = answer(&mut browser, &sign_in, &one.get(&options)).await.ok();
    assert_eq!(done["response"]["status"], "complete");

    local.signed_up("zoe@example.com").await;
    let mut browser = local.browser().await;
    let fields = [("identifier", "zoe@example.com"), ("strategy", "passkey")];
    let none = browser.post(SIGN_INS, &fields).await;
    assert_eq!(none.error(), (400, "strategy_for_user_invalid"));
    let (_, _) = start(
        &mut browser,
        &[("identifier", "joe@example.com"), ("strategy", "passkey")],
    )
    .await;
}

#[tokio::test]
async fn wrong_assertions_are_refused_at_sign_in() {
    let local = Local::with_seed(ON).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let mut authenticator = Authenticator::es256();
    create(&mut jane, &mut authenticator).await;
    let mut browser = local.browser().await;
    let discoverable = [("strategy", "passkey")];
    let failed = (400, "passkey_authentication_failure");
    for (change, error, reason) in FAULTS {
        let (path, options) = start(&mut browser, &discoverable).await;
        let (origin, host) = (authenticator.origin.clone(), authenticator.host.clone());
        let flags = authenticator.flags;
        change(&mut authenticator);
        let refused = answer(&mut browser, &path, &authenticator.get(&options)).await;
        assert_refused(&refused, error, reason);
        authenticator.challenge = None;
        (authenticator.origin, authenticator.host, authenticator.flags) = (origin, host, flags);
    }

    let (path, options) = start(&mut browser, &discoverable).await;
    let unknown = Authenticator::es256().get(&options);
    let refused = answer(&mut browser, &path, &unknown).await;
    assert_eq!(refused.error(), (404, "passkey_not_registered"));
    let refused = answer(&mut browser, &path, "{}").await;
    assert_eq!(refused.error(), (422, "passkey_invalid_public_key_credential"));
    let mut forger = Authenticator::es256();
    forger.credential_id.clone_from(&authenticator.credential_id);
    forger.counter = 100;
    let refused = answer(&mut browser, &path, &forger.get(&options)).await;
    assert_refused(&refused, failed, "signature is wrong");
    let handle = authenticator.user_handle.replace("YWJj".to_owned());
    let refused = answer(&mut browser, &path, &authenticator.get(&options)).await;
    assert_refused(&refused, failed, "another user");
    authenticator.user_handle = handle;

    let assertion = authenticator.get(&options);
    answer(&mut browser, &path, &assertion).await.ok();
    let mut browser = local.browser().await;
    let (path, options) = start(&mut browser, &discoverable).await;
    let replayed = answer(&mut browser, &path, &assertion).await;
    assert_eq!(replayed.error(), (400, "passkey_invalid_verification"));
    authenticator.counter -= 1;
    let refused = answer(&mut browser, &path, &authenticator.get(&options)).await;
    assert_refused(&refused, failed, "counter has not increased");
    let code = [("strategy", "email_code"), ("code", "424242")];
    let other = browser.post(&format!("{path}/attempt_first_factor"), &code).await;
    assert_eq!(other.error(), (400, "verification_missing"));
    answer(&mut browser, &path, &authenticator.get(&options))
        .await
        .ok();
}

#[tokio::test]
async fn passkey_replaces_the_second_factor_unless_the_settings_forbid_it() {
    for (seed, status) in [
        (ON.to_owned(), "complete"),
        (
            format!("{ON}passkey_satisfies_second_factor = false\n"),
            "needs_second_factor",
        ),
    ] {
        let local = Local::with_seed(&seed).await;
        let mut jane = local.signed_up("jane@example.com").await;
        second_factor::set_up(&local, &mut jane).await;
        let mut authenticator = Authenticator::es256();
        create(&mut jane, &mut authenticator).await;
        let mut browser = local.browser().await;
        let (path, options) = start(&mut browser, &[("strategy", "passkey")]).await;
        let done = answer(&mut browser, &path, &authenticator.get(&options))
            .await
            .ok();
        assert_eq!(done["response"]["status"], status);
    }
}

#[tokio::test]
async fn passkey_verifies_the_user_of_a_session_again() {
    let local = Local::with_seed(ON).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let verify = format!("/v1/client/sessions/{}/verify", browser.session_id().await);
    let level = [("level", "first_factor")];
    let started = browser.post(&verify, &level).await.ok();
    let passkey = json!({ "strategy": "passkey" });
    let factors = |reply: &Value| {
        reply["response"]["supported_first_factors"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert!(!factors(&started).contains(&passkey));
    let prepare = format!("{verify}/prepare_first_factor");
    let strategy = [("strategy", "passkey")];
    let none = browser.post(&prepare, &strategy).await;
    assert_eq!(none.error(), (400, "strategy_for_user_invalid"));

    let mut authenticator = Authenticator::es256();
    create(&mut browser, &mut authenticator).await;
    let started = browser.post(&verify, &level).await.ok();
    assert!(factors(&started).contains(&passkey));
    let prepared = browser.post(&prepare, &strategy).await.ok();
    let options = options(&prepared["response"]["first_factor_verification"]);
    assert_eq!(options["allowCredentials"][0]["id"], authenticator.id());
    let attempt = format!("{verify}/attempt_first_factor");
    let mut forger = Authenticator::es256();
    forger.credential_id.clone_from(&authenticator.credential_id);
    let forged = forger.get(&options);
    let fields = [
        ("strategy", "passkey"),
        ("public_key_credential", forged.as_str()),
    ];
    let refused = browser.post(&attempt, &fields).await;
    assert_eq!(refused.error(), (400, "passkey_authentication_failure"));
    let assertion = authenticator.get(&options);
    let fields = [
        ("strategy", "passkey"),
        ("public_key_credential", assertion.as_str()),
    ];
    let done = browser.post(&attempt, &fields).await.ok();
    assert_eq!(done["response"]["status"], "complete");
}
