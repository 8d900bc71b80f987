//! The local Clerk as an OAuth 2.0 and OpenID Connect provider, over HTTP: to a client that knows the address of the
//! issuer and the standards, and a browser that follows no redirect by itself.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod flow;
mod login;
mod refusals;
mod registration;
mod seed;
mod tokens;

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use local_clerk::LocalClerk;
use reqwest::{Client as Http, Method, RequestBuilder, header::HeaderMap, redirect::Policy};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

const SEED: &str = r#"
[[users]]
first_name = "Ada"
last_name = "Lovelace"
email_addresses = ["ada@example.com"]
password = "correct horse battery"
public_metadata = { role = "analyst" }
private_metadata = { salary = 1 }

[[organizations]]
id = "org_acme"
name = "Acme"
slug = "acme"
members = [{ user = "ada@example.com", role = "org:admin" }]

[[oauth_applications]]
name = "Reports"
client_id = "reports"
client_secret = "reports-secret"
redirect_uris = ["http://localhost:4000/callback?from=clerk", "http://localhost:4000/other"]
scopes = ["openid", "profile", "email", "public_metadata", "private_metadata", "user:org:read"]

[[oauth_applications]]
name = "Command line"
client_id = "cli"
redirect_uris = ["http://127.0.0.1:4100/callback"]
consent_screen_enabled = false
"#;

const REPORTS: Client = Client {
    id: "reports",
    secret: Some("reports-secret"),
    redirect_uri: "http://localhost:4000/callback?from=clerk",
};
const CLI: Client = Client {
    id: "cli",
    secret: None,
    redirect_uri: "http://127.0.0.1:4100/callback",
};

/// A code verifier (RFC 7636).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const STATE: &str = "state-of-the-client";

struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
    body: Value,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    #[track_caller]
    fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.body
    }

    /// The status and the code of an error in the format of OAuth 2.0.
    #[track_caller]
    fn error(&self) -> (u16, &str) {
        assert!(self.body["error_description"].is_string(), "{}", self.text);
        (self.status, self.body["error"].as_str().unwrap())
    }

    /// Where the browser is redirected to, without the query.
    #[track_caller]
    fn target(&self) -> (String, BTreeMap<String, String>) {
        assert_eq!(self.status, 303, "{}", self.text);
        let mut url = Url::parse(self.headers["location"].to_str().unwrap()).unwrap();
        let query = url.query_pairs().into_owned().collect();
        url.set_query(None);
        (url.into(), query)
    }
}

struct Provider {
    clerk: LocalClerk,
    http: Http,
}

impl Provider {
    async fn start() -> Self {
        Self::with_seed(SEED).await
    }

    async fn with_seed(seed: &str) -> Self {
        let mut builder = LocalClerk::builder().seed_str(seed);
        if let Some(file) = std::env::var_os("LOCAL_CLERK_RECORD") {
            builder = builder.record(file);
        }
        Self {
            clerk: builder.start().await.unwrap(),
            http: Http::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    fn issuer(&self) -> String {
        format!("{}/__clerk", self.clerk.api_url())
    }

    async fn get(&self, url: &str) -> Answer {
        Answer::of(self.http.get(url)).await
    }

    /// What the client discovers.
    async fn metadata(&self) -> Value {
        let url = format!("{}/.well-known/openid-configuration", self.issuer());
        let metadata = self.get(&url).await.ok();
        assert_eq!(metadata["issuer"], self.issuer().as_str());
        metadata
    }

    async fn endpoint(&self, name: &str) -> String {
        self.metadata().await[name].as_str().unwrap().to_owned()
    }

    /// Sends a form without credentials.
    async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(form(self.http.post(url), fields)).await
    }

    async fn backend(&self, method: Method, path: &str, body: Value) -> Answer {
        let url = format!("{}{path}", self.clerk.api_url());
        let request = self
            .http
            .request(method, url)
            .bearer_auth(self.clerk.keys().secret_key());
        Answer::of(match body {
            Value::Null => request,
            body => request.json(&body),
        })
        .await
    }

    async fn control(&self, path: &str, body: Value) {
        let url = format!("{}/_emulate{path}", self.clerk.api_url());
        let method = if path == "/settings" {
            Method::PATCH
        } else {
            Method::POST
        };
        Answer::of(self.http.request(method, url).json(&body)).await.ok();
    }

    /// A browser of a development instance, in which Ada has signed in.
    async fn ada(&self) -> Browser<'_> {
        let browser = self.browser().await;
        let fields = [
            ("identifier", "ada@example.com"),
            ("password", "correct horse battery"),
        ];
        let attempt = browser.post("/v1/client/sign_ins", &fields).await.ok();
        assert_eq!(attempt["response"]["status"], "complete");
        browser
    }

    async fn browser(&self) -> Browser<'_> {
        let made = self
            .post(&format!("{}/v1/dev_browser", self.issuer()), &[])
            .await
            .ok();
        Browser {
            provider: self,
            token: made["id"].as_str().unwrap().to_owned(),
        }
    }

    async fn ada_id(&self) -> String {
        let users = self.backend(Method::GET, "/v1/users", Value::Null).await.ok();
        users[0]["id"].as_str().unwrap().to_owned()
    }

    /// The tokens that the client gets after Ada has allowed these scopes.
    async fn tokens(&self, client: &Client, scope: &str) -> Value {
        let code = self.ada().await.code(client, scope).await;
        self.redeem(client, &code).await.ok()
    }

    async fn redeem(&self, client: &Client, code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", client.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &fields).await
    }

    async fn refresh(&self, client: &Client, tokens: &Value) -> Answer {
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.token(client, &fields).await
    }

    async fn token(&self, client: &Client, fields: &[(&str, &str)]) -> Answer {
        self.as_client("token_endpoint", client, fields).await
    }

    /// Calls an endpoint as a client authenticates: with its secret, if it has one.
    async fn as_client(&self, endpoint: &str, client: &Client, fields: &[(&str, &str)]) -> Answer {
        let request = self.http.post(self.endpoint(endpoint).await);
        let mut fields = fields.to_vec();
        let request = match client.secret {
            Some(secret) => request.basic_auth(client.id, Some(secret)),
            None => {
                fields.push(("client_id", client.id));
                request
            }
        };
        Answer::of(form(request, &fields)).await
    }

    async fn user_info(&self, tokens: &Value) -> Answer {
        let url = self.endpoint("userinfo_endpoint").await;
        let token = tokens["access_token"].as_str().unwrap();
        Answer::of(self.http.get(url).bearer_auth(token)).await
    }

    /// What the app's backend learns about an access token.
    async fn verify(&self, tokens: &Value) -> Answer {
        let body = json!({ "access_token": tokens["access_token"] });
        let path = "/v1/oauth_applications/access_tokens/verify";
        self.backend(Method::POST, path, body).await
    }
}

fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// What an OAuth client is configured with.
struct Client {
    id: &'static str,
    secret: Option<&'static str>,
    redirect_uri: &'static str,
}

impl Client {
    /// The parameters of an authorization request.
    fn request<'a>(&'a self, scope: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut params = vec![
            ("response_type", "code"),
            ("client_id", self.id),
            ("redirect_uri", self.redirect_uri),
            ("scope", scope),
            ("state", STATE),
            ("code_challenge", CHALLENGE.as_str()),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            if !value.is_empty() {
                params.push((name, value));
            }
        }
        params
    }
}

static CHALLENGE: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes())));

struct Browser<'a> {
    provider: &'a Provider,
    /// That of the dev browser, which clerk-js keeps in a cookie, and in the URLs of its requests.
    token: String,
}

impl Browser<'_> {
    /// A request of clerk-js.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}?__clerk_db_jwt={}", self.provider.issuer(), self.token);
        self.provider.post(&url, fields).await
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.provider.issuer());
        let own = [("__clerk_db_jwt", self.token.as_str())];
        let url = Url::parse_with_params(&url, query.iter().chain(&own)).unwrap();
        self.provider.get(url.as_str()).await
    }

    /// Opens a page.
    async fn open(&self, url: &str, query: &[(&str, &str)]) -> Answer {
        let url = Url::parse_with_params(url, query).unwrap();
        let cookie = format!("__clerk_db_jwt={}", self.token);
        Answer::of(self.provider.http.get(url).header("cookie", cookie)).await
    }

    async fn authorize(&self, client: &Client, scope: &str, changes: &[(&str, &str)]) -> Answer {
        let endpoint = self.provider.endpoint("authorization_endpoint").await;
        self.open(&endpoint, &client.request(scope, changes)).await
    }

    /// Sends the form of the consent screen, which repeats the query of its page.
    async fn decide(&self, page: &BTreeMap<String, String>, decision: &[(&str, &str)]) -> Answer {
        let path = format!(
            "{}/v1/me/oauth/consent/{}",
            self.provider.issuer(),
            page["client_id"]
        );
        let fields = page.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<(&str, &str)> = fields.chain(decision.iter().copied()).collect();
        // It is no request of clerk-js.
        let cookie = format!("__clerk_db_jwt={}", self.token);
        Answer::of(form(self.provider.http.post(path), &fields).header("cookie", cookie)).await
    }

    /// The code that the client gets for these scopes, after consent if that is necessary.
    async fn code(&self, client: &Client, scope: &str) -> String {
        let (mut target, mut query) = self.authorize(client, scope, &[]).await.target();
        if target.ends_with("/oauth-consent") {
            (target, query) = self.decide(&query, &[("consented", "true")]).await.target();
        }
        assert!(client.redirect_uri.starts_with(&target), "{target}");
        assert_eq!(query["state"], STATE);
        query["code"].clone()
    }
}
