//! E-mail links.

use http::Method;
use serde_json::{Value, json};

use super::{Browser, Local, PASSWORD};

const SEED: &str = r#"
[settings]
email_links = true

[[users]]
email_addresses = ["jane@example.com"]
password = "correct horse battery"
"#;

const LINK: [(&str, &str); 2] = [
    ("strategy", "email_link"),
    ("redirect_url", "http://localhost:5001/sign-in?a=1#/verify"),
];

/// The path of the newest link in the mailbox.
async fn link(local: &Local) -> String {
    let connection = &local.shared.connection;
    let bodies: Result<Vec<String>, _> = connection
        .call(|connection| {
            let sql = "SELECT body FROM documents WHERE kind = 'message' ORDER BY position";
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, rusqlite::Error>>()
        })
        .await;
    let message: Value = serde_json::from_str(bodies.unwrap().last().unwrap()).unwrap();
    let (_, path) = message["link"].as_str().unwrap().split_once("/__clerk").unwrap();
    path.to_owned()
}

/// Follows a link in an e-mail and returns where it redirects to.
async fn follow(browser: &mut Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn email_link_signs_up_and_in() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let environment = browser.get("/v1/environment").await.ok();
    assert_eq!(
        environment["user_settings"]["attributes"]["email_address"]["verifications"],
        json!(["email_code", "email_link"])
    );
    let fields = [("email_address", "joe@example.com"), ("password", PASSWORD)];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ups/{}",
        started["response"]["id"].as_str().unwrap()
    );
    let prepare = format!("{path}/prepare_verification");
    browser.post(&prepare, &LINK).await.ok();
    let guessed = [("strategy", "email_code"), ("code", "424242")];
    let guessed = browser
        .post(&format!("{path}/attempt_verification"), &guessed)
        .await;
    assert_eq!(guessed.error(), (400, "verification_strategy_invalid"));

    let replaced = link(&local).await;
    browser.post(&prepare, &LINK).await.ok();
    let mut other = local.browser().await;
    let target = follow(&mut other, &link(&local).await).await;
    let done = browser.get(&path).await.ok()["response"].take();
    assert_eq!(done["status"], "complete");
    let session = done["created_session_id"].as_str().unwrap();
    assert_eq!(
        target,
        format!(
            "http://localhost:5001/sign-in?a=1&__clerk_status=verified&__clerk_created_session={session}#/verify"
        )
    );
    assert!(
        follow(&mut other, &replaced)
            .await
            .contains("__clerk_status=failed")
    );

    let mut browser = local.browser().await;
    let fields = [("identifier", "jane@example.com")];
    let started = browser.post("/v1/client/sign_ins", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ins/{}",
        started["response"]["id"].as_str().unwrap()
    );
    browser
        .post(&format!("{path}/prepare_first_factor"), &LINK)
        .await
        .ok();
    let followed = link(&local).await;
    // A scanner of mails that looks at the link does not use it up.
    let looked_at = format!("/__clerk{followed}");
    let looked_at = local.backend(Method::HEAD, &looked_at, &Value::Null).await;
    assert_eq!((looked_at.status.as_u16(), looked_at.text.as_str()), (303, ""));
    follow(&mut browser, &followed).await;
    let done = browser.get(&path).await.ok()["response"].take();
    assert_eq!(done["status"], "complete");
    assert_eq!(done["first_factor_verification"]["status"], "verified");
    assert!(done["first_factor_verification"]["verified_at_client"].is_string());
    let twice = browser.get(&followed).await;
    assert_eq!(twice.error(), (400, "verification_link_token_invalid"));
}

#[tokio::test]
async fn email_link_verifies_an_address_of_the_profile() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let fields = [("identifier", "jane@example.com"), ("password", PASSWORD)];
    browser.post("/v1/client/sign_ins", &fields).await.ok();
    let added = browser
        .post(
            "/v1/me/email_addresses",
            &[("email_address", "jane@work.example")],
        )
        .await
        .ok();
    let path = format!(
        "/v1/me/email_addresses/{}",
        added["response"]["id"].as_str().unwrap()
    );
    let prepare = format!("{path}/prepare_verification");
    browser.post(&prepare, &LINK).await.ok();
    let target = follow(&mut browser, &link(&local).await).await;
    assert!(
        target.ends_with("?a=1&__clerk_status=verified#/verify"),
        "{target}"
    );
    let address = browser.get(&path).await.ok();
    assert_eq!(address["response"]["verification"]["status"], "verified");
    assert_eq!(address["response"]["verification"]["strategy"], "email_link");
}

#[tokio::test]
async fn email_links_redirect_to_the_app_and_expire() {
    let local = Local::with_seed(SEED).await;
    let mut browser = local.browser().await;
    let fields = [("identifier", "jane@example.com")];
    let started = browser.post("/v1/client/sign_ins", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ins/{}",
        started["response"]["id"].as_str().unwrap()
    );
    let prepare = format!("{path}/prepare_first_factor");
    let away = [LINK[0], ("redirect_url", "https://evil.example/")];
    let refused = browser.post(&prepare, &away).await;
    assert_eq!(refused.error(), (422, "form_param_format_invalid"));
    let missing = browser.post(&prepare, &LINK[..1]).await;
    assert_eq!(missing.error(), (422, "form_param_missing"));
    browser.post(&prepare, &LINK).await.ok();
    local
        .shared
        .connection
        .call(|connection| {
            let sql =
                "UPDATE documents SET body = json_set(body, '$.expire_at', 1) WHERE kind = 'email_link'";
            connection.execute(sql, [])
        })
        .await
        .unwrap();
    let target = follow(&mut browser, &link(&local).await).await;
    assert!(target.contains("__clerk_status=expired"), "{target}");

    let off = Local::with_seed("").await;
    let mut browser = off.browser().await;
    let fields = [("email_address", "joe@example.com")];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let path = format!(
        "/v1/client/sign_ups/{}",
        started["response"]["id"].as_str().unwrap()
    );
    let refused = browser.post(&format!("{path}/prepare_verification"), &LINK).await;
    assert_eq!(refused.error(), (422, "form_param_value_invalid"));
    let unknown = browser.call(Method::GET, "/v1/verify?token=x", &[]).await;
    assert_eq!(unknown.error(), (400, "verification_link_token_invalid"));
}
