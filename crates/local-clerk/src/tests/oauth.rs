use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

use super::{APP, Answer, Browser, Local};
use crate::Instance;

pub(super) const STRATEGY: &str = "oauth_custom_local";

/// What clerk-js sends to start a sign-in or sign-up with a provider.
pub(super) const START: [(&str, &str); 3] = [
    ("strategy", STRATEGY),
    ("redirect_url", "http://localhost:5001/sign-in/sso-callback?a=b"),
    ("action_complete_redirect_url", "/profile"),
];

/// Submits the form of the consent page and returns the callback URL.
async fn consent(browser: &mut Browser<'_>, url: &Value, form: &[(&str, &str)]) -> String {
    let url = Url::parse(url.as_str().unwrap()).unwrap();
    let path = format!(
        "{}?{}",
        url.path().trim_start_matches("/__clerk"),
        url.query().unwrap()
    );
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("This is neither Clerk nor a real provider."));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(
        policy.contains("form-action 'self' http://localhost:5001;"),
        "{policy}"
    );
    let state = url
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    let mut fields = vec![("state", state.as_str())];
    fields.extend_from_slice(form);
    let answer = browser.post("/provider/authorize", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let target = location(&answer);
    target.strip_prefix(&format!("{APP}/__clerk")).unwrap().to_owned()
}

fn location(answer: &Answer) -> String {
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

pub(super) fn allow(email_address: &str) -> [(&str, &str); 5] {
    [
        ("decision", "allow"),
        ("email_address", email_address),
        ("email_is", "verified"),
        ("first_name", "Jane"),
        ("last_name", "Doe"),
    ]
}

/// Goes to the provider and back, and returns the browser's final URL without the dev browser token.
pub(super) async fn round_trip(browser: &mut Browser<'_>, url: &Value, form: &[(&str, &str)]) -> String {
    let callback = consent(browser, url, form).await;
    browser.remember_dev_browser();
    let back = browser.get(&callback).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    let mut target = Url::parse(&location(&back)).unwrap();
    let rest: Vec<(String, String)> = target.query_pairs().into_owned().collect();
    let (dev_browser, rest): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|(name, _)| name == "__clerk_db_jwt");
    assert_eq!(
        dev_browser.first().map(|(_, token)| token),
        browser.dev_browser.as_ref(),
        "the app's server learns of it so"
    );
    target.set_query(None);
    if !rest.is_empty() {
        target.query_pairs_mut().extend_pairs(rest);
    }
    target.into()
}

async fn start(browser: &mut Browser<'_>, path: &str) -> Value {
    let started = browser.post(path, &START).await.ok();
    let verification = if path.ends_with("sign_ins") {
        &started["response"]["first_factor_verification"]
    } else {
        &started["response"]["verifications"]["external_account"]
    };
    assert_eq!(verification["status"], "unverified");
    assert_eq!(verification["object"], "verification_oauth");
    verification["external_verification_redirect_url"].clone()
}

/// Signs in with a verified address and returns the browser's final URL.
pub(super) async fn signed_in(browser: &mut Browser<'_>, email_address: &str) -> String {
    let url = start(browser, SIGN_INS).await;
    round_trip(browser, &url, &allow(email_address)).await
}

const SIGN_INS: &str = "/v1/client/sign_ins";
const SIGN_UPS: &str = "/v1/client/sign_ups";

#[tokio::test]
async fn sign_in_of_a_new_user_is_transferred_to_a_sign_up() {
    for instance in [Instance::Development, Instance::Production] {
        let local = Local::new(instance).await;
        let mut browser = local.browser().await;
        let url = start(&mut browser, SIGN_INS).await;
        let target = round_trip(&mut browser, &url, &allow("jane@example.com")).await;
        assert_eq!(target, "http://localhost:5001/sign-in/sso-callback?a=b");
        let client = browser.get("/v1/client").await.ok();
        let sign_in = &client["response"]["sign_in"];
        assert_eq!(sign_in["status"], "needs_identifier");
        let verification = &sign_in["first_factor_verification"];
        assert_eq!(verification["status"], "transferable");
        assert_eq!(verification["error"]["code"], "external_account_not_found");

        let created = browser.post(SIGN_UPS, &[("transfer", "true")]).await.ok();
        assert_eq!(created["response"]["status"], "complete");
        assert_eq!(created["response"]["external_account_strategy"], STRATEGY);
        assert_eq!(created["client"]["last_authentication_strategy"], STRATEGY);
        let user = &created["client"]["sessions"][0]["user"];
        assert_eq!(
            (&user["first_name"], &user["password_enabled"]),
            (&json!("Jane"), &json!(false))
        );
        let account = &user["external_accounts"][0];
        assert_eq!(account["provider"], "custom_local");
        assert_eq!(account["verification"]["status"], "verified");
        let address = &user["email_addresses"][0];
        assert_eq!(address["verification"]["strategy"], "from_oauth_custom_local");
        assert_eq!(address["linked_to"][0]["id"], account["identification_id"]);

        let mut other = local.browser().await;
        let url = start(&mut other, SIGN_INS).await;
        let target = round_trip(&mut other, &url, &allow("jane@example.com")).await;
        assert_eq!(
            target, "http://localhost:5001/profile",
            "the way to go when all is done"
        );
        let client = other.get("/v1/client").await.ok();
        assert_eq!(client["response"]["sessions"][0]["user"]["id"], user["id"]);
    }
}

#[tokio::test]
async fn sign_up_of_an_existing_user_is_transferred_to_a_sign_in() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    let mut browser = local.browser().await;
    let url = start(&mut browser, SIGN_UPS).await;
    round_trip(&mut browser, &url, &allow("Jane@Example.com")).await;
    let client = browser.get("/v1/client").await.ok();
    let verification = &client["response"]["sign_up"]["verifications"]["external_account"];
    assert_eq!(verification["status"], "transferable");
    assert_eq!(verification["error"]["code"], "external_account_exists");
    let done = browser.post(SIGN_INS, &[("transfer", "true")]).await.ok();
    assert_eq!(done["response"]["status"], "complete");
    let user = &done["client"]["sessions"][0]["user"];
    assert_eq!(
        user["external_accounts"][0]["email_address"], "jane@example.com",
        "the proved address has linked it"
    );
    let again = browser.post(SIGN_UPS, &[("transfer", "true")]).await;
    assert_eq!(again.error(), (400, "session_exists"));
    let mut other = local.browser().await;
    let nothing = other.post(SIGN_UPS, &[("transfer", "true")]).await;
    assert_eq!(nothing.error(), (400, "account_transfer_invalid"));
}

#[tokio::test]
async fn unverified_address_of_the_provider_must_be_verified() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("taken@example.com").await;
    let mut browser = local.browser().await;
    let url = start(&mut browser, SIGN_UPS).await;
    let mut form = allow("new@example.com");
    form[2] = ("email_is", "unverified");
    round_trip(&mut browser, &url, &form).await;
    let sign_up = browser.get("/v1/client").await.ok()["response"]["sign_up"].clone();
    assert_eq!(sign_up["status"], "missing_requirements");
    assert_eq!(sign_up["verifications"]["external_account"]["status"], "verified");
    assert_eq!(sign_up["unverified_fields"], json!(["email_address"]));
    assert_eq!(sign_up["missing_fields"], json!([]), "no password is required");

    let url = start(&mut browser, SIGN_UPS).await;
    form[2] = ("email_is", "private");
    round_trip(&mut browser, &url, &form).await;
    let sign_up = browser.get("/v1/client").await.ok()["response"]["sign_up"].clone();
    assert_eq!(sign_up["missing_fields"], json!(["email_address"]));

    let url = start(&mut browser, SIGN_UPS).await;
    let mut form = allow("taken@example.com");
    form[2] = ("email_is", "unverified");
    round_trip(&mut browser, &url, &form).await;
    let client = browser.get("/v1/client").await.ok();
    let verification = &client["response"]["sign_up"]["verifications"]["external_account"];
    assert_eq!(verification["status"], "failed");
    assert_eq!(verification["error"]["code"], "form_identifier_exists");
    assert_eq!(client["response"]["sessions"], json!([]));
}

#[tokio::test]
async fn denied_or_refused_sign_in_returns_the_error() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    let id = jane.get("/v1/me").await.ok()["response"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut browser = local.browser().await;
    let url = start(&mut browser, SIGN_INS).await;
    let target = round_trip(&mut browser, &url, &[("decision", "deny")]).await;
    assert!(target.contains("/sso-callback"));
    let verification = |client: Value| client["response"]["sign_in"]["first_factor_verification"].clone();
    let denied = verification(browser.get("/v1/client").await.ok());
    assert_eq!(denied["error"]["code"], "oauth_access_denied");

    local
        .backend(Method::POST, &format!("/v1/users/{id}/ban"), &Value::Null)
        .await
        .ok();
    let url = start(&mut browser, SIGN_INS).await;
    round_trip(&mut browser, &url, &allow("jane@example.com")).await;
    let banned = verification(browser.get("/v1/client").await.ok());
    assert_eq!(banned["error"]["code"], "user_banned");
}

#[tokio::test]
async fn second_factor_is_required_after_the_provider() {
    let local = Local::new(Instance::Development).await;
    let mut jane = local.signed_up("jane@example.com").await;
    super::second_factor::set_up(&local, &mut jane).await;
    let mut browser = local.browser().await;
    let url = start(&mut browser, SIGN_INS).await;
    let target = round_trip(&mut browser, &url, &allow("jane@example.com")).await;
    assert!(target.contains("/sso-callback"));
    let client = browser.get("/v1/client").await.ok();
    assert_eq!(client["response"]["sign_in"]["status"], "needs_second_factor");
    assert_eq!(client["response"]["sessions"], json!([]));
}

#[tokio::test]
async fn callback_is_accepted_once_and_from_one_browser() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    for (field, address) in [
        (1, "https://evil.test/"),
        (1, "nonsense"),
        (2, "https://evil.test/"),
        (2, "//evil.test/"),
    ] {
        let mut fields = START;
        fields[field].1 = address;
        let refused = browser.post(SIGN_INS, &fields).await;
        assert_eq!(refused.error(), (422, "form_param_format_invalid"), "{address}");
    }
    let unknown = [("strategy", "oauth_google"), START[1]];
    assert_eq!(
        browser.post(SIGN_INS, &unknown).await.error(),
        (422, "form_param_value_invalid")
    );

    let url = start(&mut browser, SIGN_INS).await;
    let callback = consent(&mut browser, &url, &allow("jane@example.com")).await;
    let mut stranger = local.browser().await;
    stranger.remember_dev_browser();
    let lured = stranger.get(&callback).await;
    assert_eq!(
        lured.error(),
        (400, "authorization_invalid"),
        "a link must not sign a stranger in"
    );
    let cookieless = local.browser().await.get(&callback).await;
    assert_eq!(cookieless.error(), (400, "authorization_invalid"));
    browser.remember_dev_browser();
    let guessed = browser.get(&callback.replace("code=", "code=x")).await;
    assert_eq!(guessed.error(), (400, "authorization_invalid"));
    let used = browser.get(&callback).await;
    assert_eq!(used.error(), (400, "authorization_invalid"));
    let gone = browser.get("/provider/authorize?state=x").await;
    assert_eq!(gone.error(), (400, "authorization_invalid"));

    let url = start(&mut browser, SIGN_INS).await;
    let state = url.as_str().unwrap().split("state=").nth(1).unwrap();
    let nobody = [
        ("state", state),
        ("decision", "allow"),
        ("email_address", "<jane>"),
    ];
    let again = browser.post("/provider/authorize", &nobody).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("value=\"&lt;jane&gt;\""));
    let posted = browser
        .post(
            "/v1/oauth_callback",
            &[("state", state), ("error", "access_denied")],
        )
        .await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    assert!(location(&posted).ends_with(&format!("/v1/oauth_callback?state={state}&error=access_denied")));
}
