//! The control endpoints of the local Clerk, over HTTP, as the test suite of another project calls them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod clock;
mod control;
mod deliveries;
mod faults;
mod fixed;
mod instances;
mod mailbox;
mod receiver;
mod requests;
mod roles;
mod seed;
mod state;
mod webhooks;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use local_clerk::{LocalClerk, LocalClerkBuilder};
use reqwest::{Client, Method, RequestBuilder, header::HeaderMap, redirect::Policy};
use serde_json::{Value, json};
use url::form_urlencoded;

const SEED: &str = r#"
[[users]]
email_addresses = ["ada@example.com"]
password = "correct horse battery"
"#;

/// A local Clerk, and a test suite that knows its address and its secret key.
struct Suite {
    clerk: LocalClerk,
    http: Client,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
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
        }
    }

    #[track_caller]
    fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.body
    }

    /// The status, the code and the parameter of an error in Clerk's shape.
    #[track_caller]
    fn error(&self) -> (u16, &str, &str) {
        assert!(self.body["clerk_trace_id"].is_string(), "{}", self.body);
        let error = &self.body["errors"][0];
        assert!(error["long_message"].is_string(), "{}", self.body);
        let param = error["meta"]["param_name"].as_str().unwrap_or_default();
        (self.status, error["code"].as_str().unwrap(), param)
    }
}

impl Suite {
    async fn start() -> Self {
        Self::with(LocalClerk::builder().seed_str(SEED)).await
    }

    async fn with(builder: LocalClerkBuilder) -> Self {
        Self {
            clerk: builder.start().await.unwrap(),
            // A redirect is a result.
            http: Client::builder().redirect(Policy::none()).build().unwrap(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.clerk.api_url()))
    }

    /// Calls a control endpoint, with a JSON body unless it is `null`.
    async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.request(method, &format!("/_emulate{path}"));
        Answer::of(match body {
            Value::Null => request,
            body => request.json(&body),
        })
        .await
    }

    async fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await.ok()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.control(Method::POST, path, body).await.ok()
    }

    /// Calls the Backend API as the app's server does.
    async fn backend(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self
            .request(method, path)
            .bearer_auth(self.clerk.keys().secret_key());
        Answer::of(match body {
            Value::Null => request,
            body => request.json(&body),
        })
        .await
    }

    /// The addresses of all users.
    async fn addresses(&self) -> Vec<String> {
        let users = self.backend(Method::GET, "/v1/users", Value::Null).await.ok();
        let users = users.as_array().unwrap().iter();
        users
            .map(|user| {
                user["email_addresses"][0]["email_address"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }

    async fn create_user(&self, email_address: &str) -> Value {
        let user = json!({ "email_address": [email_address] });
        self.backend(Method::POST, "/v1/users", user).await.ok()
    }

    /// A browser with clerk-js, of which only the requests are left.
    async fn browser(&self) -> Browser<'_> {
        let mut browser = Browser {
            suite: self,
            token: String::new(),
        };
        let made = browser.post("/v1/dev_browser", &[]).await.ok();
        browser.token = made["id"].as_str().unwrap().to_owned();
        browser
    }

    /// A browser in which the user of the seed has signed in.
    async fn signed_in(&self) -> Browser<'_> {
        let browser = self.browser().await;
        let fields = [
            ("identifier", "ada@example.com"),
            ("password", "correct horse battery"),
        ];
        let attempt = browser.post("/v1/client/sign_ins", &fields).await.ok();
        assert_eq!(attempt["response"]["status"], "complete");
        browser
    }
}

struct Browser<'a> {
    suite: &'a Suite,
    token: String,
}

impl Browser<'_> {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let separator = if path.contains('?') { '&' } else { '?' };
        let token = &self.token;
        self.suite.request(
            method,
            &format!("/__clerk{path}{separator}__clerk_db_jwt={token}"),
        )
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .request(Method::POST, path)
            .header("origin", "http://localhost:3000")
            .header("content-type", "application/x-www-form-urlencoded");
        Answer::of(request.body(body)).await
    }

    /// The sessions of the client.
    async fn sessions(&self) -> Vec<Value> {
        let client = self.get("/v1/client").await.ok();
        let sessions = client["response"]["sessions"].as_array();
        sessions.cloned().unwrap_or_default()
    }

    /// Asks for a code to sign in the user of the seed; returns the path of the attempt.
    async fn ask_for_code(&self) -> String {
        let fields = [("identifier", "ada@example.com")];
        let attempt = self.post("/v1/client/sign_ins", &fields).await.ok();
        let path = format!(
            "/v1/client/sign_ins/{}",
            attempt["response"]["id"].as_str().unwrap()
        );
        let strategy = [("strategy", "email_code")];
        self.post(&format!("{path}/prepare_first_factor"), &strategy)
            .await
            .ok();
        path
    }

    async fn enter_code(&self, attempt: &str) -> Answer {
        let fields = [("strategy", "email_code"), ("code", "424242")];
        self.post(&format!("{attempt}/attempt_first_factor"), &fields)
            .await
    }
}

/// The claims of a token.
fn claims(jwt: &str) -> Value {
    let payload = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
