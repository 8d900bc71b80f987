//! Tests of the local Clerk through its router, called as by clerk-js and by an app's server.

mod api_keys;
mod backend_api;
mod bad_input;
mod billing;
mod contact_verifications;
mod credits;
mod data_file;
mod documentation;
mod domains;
mod email_links;
mod external_accounts;
mod fields;
mod handshake;
mod headers;
mod hosts;
mod id_tokens;
mod identifiers;
mod invitations;
mod jwt_templates;
mod limits;
mod lists;
mod multi_session;
mod native;
mod npm;
mod oauth;
mod organizations;
mod page;
mod passkeys;
mod phone_numbers;
mod profile;
mod restart;
mod reverification;
mod roles;
mod second_factor;
mod seed;
mod seed_mistakes;
mod session_of;
mod settings;
mod sign_in;
mod sign_up;
mod sign_up_if_missing;
mod start;
mod tabs;
mod tasks;
mod tickets;
mod token_lifetime;
mod waitlist;
mod webhooks;

use std::{path::PathBuf, sync::Arc};

use axum::{body::Body, extract::Request, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Method, StatusCode, header};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::{
    http::Shared,
    routes,
    seed::{Beginning, Seed},
    start::{Config, beginning, open},
    store::Data,
};
use crate::Instance;

const APP: &str = "http://localhost:5001";
const PASSWORD: &str = "correct horse battery";

pub(super) struct Local {
    shared: Arc<Shared>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    pub(super) text: String,
}

impl Answer {
    #[track_caller]
    pub(super) fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.body
    }

    #[track_caller]
    pub(super) fn created(self) -> Value {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text);
        self.body
    }

    /// The status and the code of an error in Clerk's shape.
    #[track_caller]
    pub(super) fn error(&self) -> (u16, &str) {
        let error = &self.body["errors"][0];
        assert!(
            error["message"].is_string() && error["long_message"].is_string(),
            "{}",
            self.text
        );
        assert!(self.body["clerk_trace_id"].is_string(), "{}", self.text);
        (self.status.as_u16(), error["code"].as_str().unwrap())
    }

    pub(super) fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        cookies.iter().map(|cookie| cookie.to_str().unwrap()).collect()
    }
}

impl Local {
    pub(super) async fn new(instance: Instance) -> Self {
        Self::with_data(instance, Data::Memory).await
    }

    pub(super) async fn with_data(instance: Instance, data: Data) -> Self {
        Self::with(Config {
            data,
            instance,
            ..Self::config()
        })
        .await
    }

    /// A development instance that sends its webhooks to this URL when the test says so.
    pub(super) async fn with_webhooks(data: Data, url: &str) -> Self {
        Self::with(Config {
            data,
            webhook_url: Some(url.parse().unwrap()),
            ..Self::config()
        })
        .await
    }

    /// A development instance with this seed.
    pub(super) async fn with_seed(text: &str) -> Self {
        let beginning = Beginning::of(Seed::parse(text).unwrap());
        let (config, addr) = (Self::config(), Self::config().addr);
        Self {
            shared: Arc::new(open(config, addr, beginning).await.unwrap()),
        }
    }

    fn config() -> Config {
        Config {
            addr: "127.0.0.1:5002".parse().unwrap(),
            record: std::env::var_os("LOCAL_CLERK_RECORD").map(PathBuf::from),
            ..Config::default()
        }
    }

    async fn with(config: Config) -> Self {
        let (addr, beginning) = (config.addr, beginning(&config).unwrap());
        Self {
            shared: Arc::new(open(config, addr, beginning).await.unwrap()),
        }
    }

    pub(super) async fn send(&self, request: Request) -> Answer {
        let response: Response = routes::service(Arc::clone(&self.shared))
            .oneshot(request)
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Calls the Backend API with the secret key.
    pub(super) async fn backend(&self, method: Method, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let secret = self.shared.keys.secret_key.expose_secret();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:5002")
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The developer's page.
    pub(super) async fn page(&self) -> Answer {
        let request = Request::get("/").header(header::HOST, "127.0.0.1:5002");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form of the developer's page.
    pub(super) async fn submit(&self, path: &str, form: &str) -> Answer {
        self.submit_from("http://127.0.0.1:5002", path, form).await
    }

    /// Sends such a form from a page of another origin.
    pub(super) async fn submit_from(&self, origin: &str, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:5002")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    /// A new browser.
    pub(super) async fn browser(&self) -> Browser<'_> {
        let mut browser = Browser {
            local: self,
            dev_browser: None,
            cookies: Vec::new(),
        };
        if self.shared.keys.instance == Instance::Development {
            let made = browser.post("/v1/dev_browser", &[]).await.ok();
            browser.dev_browser = Some(made["id"].as_str().unwrap().to_owned());
        }
        browser
    }

    /// A new browser, in which a new user has just signed up.
    pub(super) async fn signed_up(&self, email_address: &str) -> Browser<'_> {
        let mut browser = self.browser().await;
        let fields = [
            ("email_address", email_address),
            ("password", PASSWORD),
            ("first_name", "Jane"),
        ];
        let sign_up = browser.post("/v1/client/sign_ups", &fields).await.ok();
        let path = format!(
            "/v1/client/sign_ups/{}",
            sign_up["response"]["id"].as_str().unwrap()
        );
        browser
            .post(
                &format!("{path}/prepare_verification"),
                &[("strategy", "email_code")],
            )
            .await
            .ok();
        let code = [("strategy", "email_code"), ("code", "424242")];
        let done = browser
            .post(&format!("{path}/attempt_verification"), &code)
            .await
            .ok();
        assert_eq!(done["response"]["status"], "complete");
        browser
    }

    /// The header and the claims of a token, whose signature is verified with the published key.
    #[track_caller]
    pub(super) fn verify(&self, token: &str, jwks: &Value) -> (Value, Value) {
        let key = &jwks["keys"][0];
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let components = aws_lc_rs::signature::RsaPublicKeyComponents {
            n: decode(key["n"].as_str().unwrap()),
            e: decode(key["e"].as_str().unwrap()),
        };
        let message = format!("{}.{}", parts[0], parts[1]);
        components
            .verify(
                &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
                message.as_bytes(),
                &decode(parts[2]),
            )
            .unwrap();
        let json = |part: &str| serde_json::from_slice::<Value>(&decode(part)).unwrap();
        let (header, claims) = (json(parts[0]), json(parts[1]));
        assert_eq!(header["kid"], key["kid"]);
        (header, claims)
    }
}

/// A browser with clerk-js behind the app's proxy.
pub(super) struct Browser<'a> {
    local: &'a Local,
    pub(super) dev_browser: Option<String>,
    pub(super) cookies: Vec<(String, String)>,
}

impl Browser<'_> {
    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.call(Method::GET, path, &[]).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.call(Method::POST, path, fields).await
    }

    /// Sends a request as clerk-js does: everything but GET is a POST.
    pub(super) async fn call(&mut self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("__clerk_api_version", "2026-05-12");
        if let Some(dev_browser) = &self.dev_browser {
            query.append_pair("__clerk_db_jwt", dev_browser);
        }
        let wire = if method == Method::GET {
            Method::GET
        } else {
            Method::POST
        };
        if method != wire {
            query.append_pair("_method", method.as_str());
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut request = Request::builder()
            .method(wire.clone())
            .uri(format!("/__clerk{path}{separator}{}", query.finish()))
            .header(header::HOST, "127.0.0.1:5002")
            .header("clerk-proxy-url", format!("{APP}/__clerk"))
            .header(header::COOKIE, cookies.join("; "));
        let mut body = String::new();
        if wire == Method::POST {
            request = request
                .header(header::ORIGIN, APP)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            body = form_urlencoded::Serializer::new(body)
                .extend_pairs(fields)
                .finish();
        }
        let answer = self.local.send(request.body(Body::from(body)).unwrap()).await;
        self.store_cookies(&answer);
        answer
    }

    /// Uploads a file as clerk-js does, in a browser of a development instance.
    pub(super) async fn upload(&self, method: Method, path: &str, content: &str) -> Answer {
        let dev_browser = self.dev_browser.as_deref().unwrap();
        let body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n{content}\r\n--b--\r\n"
        );
        let request = Request::post(format!(
            "/__clerk{path}?_method={method}&__clerk_db_jwt={dev_browser}"
        ))
        .header(header::HOST, "localhost:5002")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        self.local.send(request.body(Body::from(body)).unwrap()).await
    }

    fn store_cookies(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// The only session of the client.
    pub(super) async fn session_id(&mut self) -> String {
        let client = self.get("/v1/client").await.ok();
        client["response"]["sessions"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(super) async fn token(&mut self) -> String {
        let path = format!("/v1/client/sessions/{}/tokens", self.session_id().await);
        self.post(&path, &[("organization_id", "")]).await.ok()["jwt"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(super) async fn jwks(&mut self) -> Value {
        self.get("/.well-known/jwks.json").await.ok()
    }

    /// Stores the dev browser token in a cookie, as clerk-js does for navigations.
    pub(super) fn remember_dev_browser(&mut self) {
        if let Some(token) = self.dev_browser.clone() {
            self.cookies.push(("__clerk_db_jwt".to_owned(), token));
        }
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}
