//! Access tokens of an OAuth application of the local Clerk, as a server accepts them.

use clerk_auth::{Auth, MachineToken, TokenType};
use http::Request;
use local_clerk::LocalClerk;
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::support::start_with;

const SEED: &str = r#"
[[users]]
email_addresses = ["ada@example.com"]
password = "correct horse battery"

[[oauth_applications]]
name = "Reports"
client_id = "reports"
client_secret = "reports-secret"
redirect_uris = ["http://localhost:4000/callback"]
consent_screen_enabled = false
"#;

async fn post(http: &Client, url: &str, fields: &[(&str, &str)]) -> Value {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    request.send().await.unwrap().json().await.unwrap()
}

/// An access token that a user has authorized in the browser.
async fn access_token(local: &LocalClerk) -> String {
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let api = format!("{}/__clerk", local.api_url());
    let browser = post(&http, &format!("{api}/v1/dev_browser"), &[]).await;
    let browser = browser["id"].as_str().unwrap();
    let fields = [
        ("identifier", "ada@example.com"),
        ("password", "correct horse battery"),
    ];
    let url = format!("{api}/v1/client/sign_ins?__clerk_db_jwt={browser}");
    post(&http, &url, &fields).await;
    let query = [
        ("response_type", "code"),
        ("client_id", "reports"),
        ("state", "state-of-the-client"),
        ("__clerk_db_jwt", browser),
    ];
    let url = Url::parse_with_params(&format!("{api}/oauth/authorize"), query).unwrap();
    let redirect = http.get(url).send().await.unwrap();
    let target = Url::parse(redirect.headers()["location"].to_str().unwrap()).unwrap();
    let (_, code) = target.query_pairs().find(|(name, _)| name == "code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost:4000/callback"),
        ("client_id", "reports"),
        ("client_secret", "reports-secret"),
    ];
    let tokens = post(&http, &format!("{api}/oauth/token"), &fields).await;
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_server_accepts_opaque_tokens_and_jwts() {
    let (local, clerk) = start_with(|builder| builder.seed_str(SEED)).await;
    let settings = format!("{}/_emulate/settings", local.api_url());
    let ada = local.session_of("ada@example.com").await.unwrap();
    for is_jwt in [false, true] {
        let changes = json!({ "oauth_jwt_access_tokens": is_jwt });
        let changed = Client::new()
            .patch(&settings)
            .json(&changes)
            .send()
            .await
            .unwrap();
        assert_eq!(changed.status(), 200);
        let token = access_token(&local).await;
        assert_eq!(token.starts_with("oat_"), !is_jwt);
        let request = Request::get("/mcp").header("authorization", format!("Bearer {token}"));
        let request = request.body(()).unwrap();
        let state = clerk
            .authenticate_accepting(&request, &TokenType::OAuthToken.into())
            .await
            .unwrap();
        let Auth::Machine(machine) = state.auth else {
            panic!("the token is not accepted");
        };
        assert_eq!(machine.user_id(), Some(ada.user_id()));
        assert_eq!(machine.scopes, ["profile", "email"]);
        assert!(matches!(machine.token, MachineToken::OAuth { client_id, .. } if client_id == "reports"));

        // It is no session token.
        let state = clerk.authenticate(&request).await.unwrap();
        assert!(!state.auth.is_signed_in());
    }
}
