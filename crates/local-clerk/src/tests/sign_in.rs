use http::Method;

use super::{APP, Browser, Local, PASSWORD};
use crate::Instance;

async fn begin(browser: &mut Browser<'_>, email_address: &str) -> (String, String) {
    let started = browser
        .post("/v1/client/sign_ins", &[("identifier", email_address)])
        .await
        .ok();
    let sign_in = &started["response"];
    assert_eq!(sign_in["status"], "needs_first_factor");
    let factors = sign_in["supported_first_factors"].as_array().unwrap();
    let code = factors
        .iter()
        .find(|factor| factor["strategy"] == "email_code")
        .unwrap();
    let address_id = code["email_address_id"].as_str().unwrap().to_owned();
    (
        format!("/v1/client/sign_ins/{}", sign_in["id"].as_str().unwrap()),
        address_id,
    )
}

#[tokio::test]
async fn signs_in_with_a_password_and_out() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let mut browser = local.browser().await;
    let unknown = browser
        .post("/v1/client/sign_ins", &[("identifier", "nobody@example.com")])
        .await;
    assert_eq!(unknown.error(), (422, "form_identifier_not_found"));

    let (path, _) = begin(&mut browser, "JANE@example.com").await;
    let attempt = format!("{path}/attempt_first_factor");
    let wrong = browser
        .post(&attempt, &[("strategy", "password"), ("password", "wrong")])
        .await;
    assert_eq!(wrong.error(), (422, "form_password_incorrect"));
    let right = browser
        .post(&attempt, &[("strategy", "password"), ("password", PASSWORD)])
        .await
        .ok();
    assert_eq!(right["response"]["status"], "complete");
    assert!(right["client"]["sign_in"].is_null());
    let again = browser
        .post("/v1/client/sign_ins", &[("identifier", "jane@example.com")])
        .await;
    assert_eq!(again.error(), (400, "session_exists"));

    let session = browser.session_id().await;
    let before = browser.get("/v1/client").await.ok()["response"]["updated_at"].clone();
    let touched = browser
        .post(&format!("/v1/client/sessions/{session}/touch"), &[])
        .await
        .ok();
    assert_eq!(touched["response"]["id"], session.as_str());
    assert_eq!(
        touched["client"]["updated_at"], before,
        "touching a session does not change `__client_uat`"
    );

    let out = browser
        .call(Method::DELETE, "/v1/client/sessions", &[])
        .await
        .ok();
    assert_eq!(out["response"]["sessions"].as_array().unwrap().len(), 0);
    let ended = browser
        .post(&format!("/v1/client/sessions/{session}/tokens"), &[])
        .await;
    assert_eq!(ended.status.as_u16() / 100, 4);
}

#[tokio::test]
async fn signs_in_with_an_email_code() {
    let local = Local::new(Instance::Production).await;
    local.signed_up("jane@example.com").await;
    let mut browser = local.browser().await;
    let (path, address_id) = begin(&mut browser, "jane@example.com").await;
    let prepare = format!("{path}/prepare_first_factor");
    let other = browser
        .post(
            &prepare,
            &[("strategy", "email_code"), ("email_address_id", "idn_x")],
        )
        .await;
    assert_eq!(other.error(), (422, "form_param_value_invalid"));
    browser
        .post(
            &prepare,
            &[("strategy", "email_code"), ("email_address_id", &address_id)],
        )
        .await
        .ok();
    let attempt = format!("{path}/attempt_first_factor");
    let wrong = browser
        .post(&attempt, &[("strategy", "email_code"), ("code", "1")])
        .await;
    assert_eq!(wrong.error(), (422, "form_code_incorrect"));
    let right = browser
        .post(&attempt, &[("strategy", "email_code"), ("code", "424242")])
        .await
        .ok();
    assert_eq!(right["client"]["last_authentication_strategy"], "email_code");
}

#[tokio::test]
async fn resets_a_forgotten_password() {
    let local = Local::new(Instance::Development).await;
    let mut elsewhere = local.signed_up("jane@example.com").await;
    let mut browser = local.browser().await;
    let (path, address_id) = begin(&mut browser, "jane@example.com").await;
    let strategy = ("strategy", "reset_password_email_code");
    let early = browser
        .post(
            &format!("{path}/reset_password"),
            &[("password", "brand new one")],
        )
        .await;
    assert_eq!(early.error(), (400, "verification_missing"));
    let prepare = format!("{path}/prepare_first_factor");
    browser
        .post(&prepare, &[strategy, ("email_address_id", &address_id)])
        .await
        .ok();
    let attempt = format!("{path}/attempt_first_factor");
    let verified = browser.post(&attempt, &[strategy, ("code", "424242")]).await.ok();
    assert_eq!(verified["response"]["status"], "needs_new_password");
    assert_eq!(verified["client"]["sessions"].as_array().unwrap().len(), 0);
    let reset = [
        ("password", "brand new one"),
        ("sign_out_of_other_sessions", "true"),
    ];
    let done = browser.post(&format!("{path}/reset_password"), &reset).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    assert_eq!(browser.get("/v1/me").await.status.as_u16(), 200);
    assert_eq!(
        elsewhere.get("/v1/me").await.error(),
        (401, "authentication_invalid")
    );

    let mut third = local.browser().await;
    let fields = [("identifier", "jane@example.com"), ("password", PASSWORD)];
    assert_eq!(
        third.post("/v1/client/sign_ins", &fields).await.error(),
        (422, "form_password_incorrect")
    );
}

#[tokio::test]
async fn tokens_verify_with_the_published_keys() {
    for (instance, host) in [
        (Instance::Development, "https://local.clerk.accounts.dev"),
        (Instance::Production, "https://clerk.local.test"),
    ] {
        let local = Local::new(instance).await;
        let mut browser = local.signed_up("jane@example.com").await;
        let (token, jwks) = (browser.token().await, browser.jwks().await);
        let backend = local
            .backend(Method::GET, "/v1/jwks", &serde_json::Value::Null)
            .await
            .ok();
        assert_eq!(backend, jwks);
        let (header, claims) = local.verify(&token, &jwks);
        assert_eq!(header["alg"], "RS256");
        assert_eq!(header["cat"], "cl_B7d4PD111AAA");
        assert_eq!(claims["iss"], host);
        assert_eq!(claims["azp"], APP);
        assert_eq!(claims["sid"], browser.session_id().await.as_str());
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            60
        );
        assert_eq!((&claims["v"], &claims["sts"]), (&2.into(), &"active".into()));
        assert_eq!(
            (&claims["pla"], &claims["fea"]),
            (&"u:free_user".into(), &"u:projects".into())
        );
        let client = browser.get("/v1/client").await.ok();
        let since = client["response"]["updated_at"].as_i64().unwrap() / 1000;
        assert!(
            claims["iat"].as_i64().unwrap() >= since,
            "otherwise every page load would be a handshake"
        );
    }
}

#[tokio::test]
async fn creates_reads_and_deletes_a_client() {
    let local = Local::new(Instance::Production).await;
    let mut browser = local.signed_up("jane@example.com").await;
    let session = browser.session_id().await;
    let path = format!("/v1/client/sessions/{session}");
    assert_eq!(browser.get(&path).await.ok()["response"]["status"], "active");
    let ended = browser.post(&format!("{path}/end"), &[]).await.ok();
    assert_eq!(ended["response"]["status"], "ended");

    let fields = [("identifier", "jane@example.com")];
    let started = browser.post("/v1/client/sign_ins", &fields).await.ok()["response"].clone();
    let again = browser
        .get(&format!(
            "/v1/client/sign_ins/{}",
            started["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(again["response"]["status"], "needs_first_factor");
    let forgotten = browser.call(Method::DELETE, "/v1/client", &[]).await.ok();
    assert_eq!(forgotten["response"]["sessions"].as_array().unwrap().len(), 0);
    assert_eq!(browser.cookie("__client"), None);
    for method in [Method::POST, Method::PUT] {
        let created = browser.call(method, "/v1/client", &[]).await.ok();
        assert_eq!(created["response"]["sessions"].as_array().unwrap().len(), 0);
    }
    assert!(browser.cookie("__client").is_some());
    browser.get("/v1/health").await.ok();
}
