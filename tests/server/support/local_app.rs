//! [`LocalApp`]: the app with a local Clerk in this process instead of the stub.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use axum_clerk::Options;
use leptos_with_clerk::{
    config::{ClerkSource, Config, Environment},
    server::Server,
};
use serde_json::Value;
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::{Reply, TempDir, TestRequest};

/// The origin at which browsers reach the app.
const APP_URL: &str = "https://app.example";

/// Starts a local Clerk on a free port, in memory, as a production instance.
async fn start_local_clerk(webhook_url: Url) -> local_clerk::LocalClerk {
    let mut builder = local_clerk::LocalClerk::builder()
        .instance(local_clerk::Instance::Production)
        .webhook_url(webhook_url)
        .app_url(Url::parse(APP_URL).unwrap());
    if let Some(file) = std::env::var_os("LOCAL_CLERK_RECORD") {
        builder = builder.record(file);
    }
    builder.start().await.unwrap()
}

pub(crate) struct LocalApp {
    server: Server,
    config: Config,
    options: Options,
    environment: BTreeMap<&'static str, String>,
    _local_clerk: local_clerk::LocalClerk,
    _site: TempDir,
}

/// Another server of a [`LocalApp`].
pub(crate) struct Node(Server);

impl Node {
    pub(crate) fn get(&self, path: &str) -> TestRequest {
        TestRequest::new(self.0.router(), Method::GET, path)
    }
}

/// A user who has signed up or in.
pub(crate) struct SignedInUser {
    pub(crate) id: String,
    pub(crate) session_id: String,
    /// The session token, a JWT.
    pub(crate) token: String,
    client_cookie: String,
}

impl LocalApp {
    /// Starts both. The app also listens on a socket, to which the local Clerk sends webhooks.
    pub(crate) async fn start() -> Self {
        Self::with_store("memory").await
    }

    /// Likewise, with its sessions in a store.
    pub(crate) async fn with_store(store: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let webhook_url = format!("http://{}/webhooks/clerk", listener.local_addr().unwrap());
        let local_clerk = start_local_clerk(Url::parse(&webhook_url).unwrap()).await;
        let environment: BTreeMap<_, _> = local_clerk.environment().into_iter().collect();

        let site = TempDir::with_site();
        let app = [
            ("APP_URL", APP_URL),
            // Its webhooks are sent to the socket.
            ("ALLOWED_HOSTS", "app.example,127.0.0.1"),
            ("CLERK_PROXY_URL", "/__clerk"),
            ("LEPTOS_SITE_ROOT", site.as_str()),
            ("SESSION_STORE", store),
        ];
        let keys = environment.iter().map(|(name, value)| (*name, value.as_str()));
        let variables: Environment = keys.chain(app).collect();
        let config = Config::read(&variables, true).unwrap();
        let ClerkSource::Instance(options) = &config.clerk else {
            panic!("the keys select an instance")
        };
        let options = Options {
            local: true,
            ..(**options).clone()
        };
        let server = Server::build(&config, options.clone()).await.unwrap();
        tokio::spawn(server.clone().serve(listener, std::future::pending()));
        Self {
            server,
            config,
            options,
            environment,
            _local_clerk: local_clerk,
            _site: site,
        }
    }

    pub(crate) fn get(&self, path: &str) -> TestRequest {
        TestRequest::new(self.server.router(), Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> TestRequest {
        TestRequest::new(self.server.router(), Method::POST, path)
    }

    /// Starts another server with the same configuration, which shares nothing but the store with this one.
    pub(crate) async fn start_node(&self) -> Node {
        let server = Server::build(&self.config, self.options.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        tokio::spawn(server.clone().serve(listener, std::future::pending()));
        Node(server)
    }

    /// Signs a new user up by the Frontend API behind the app's proxy, as clerk-js does.
    pub(crate) async fn sign_up(&self, email_address: &str) -> SignedInUser {
        let fields = [
            ("email_address", email_address),
            ("password", "correct horse battery staple"),
        ];
        let created = self.frontend("/v1/client/sign_ups", "", &fields).await;
        let client_cookie = cookie(&created, "__client");
        let id = created.json()["response"]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/client/sign_ups/{id}");
        let strategy = ("strategy", "email_code");
        self.frontend(
            &format!("{path}/prepare_verification"),
            &client_cookie,
            &[strategy],
        )
        .await;
        let code = ("code", "424242");
        let completed = self
            .frontend(
                &format!("{path}/attempt_verification"),
                &client_cookie,
                &[strategy, code],
            )
            .await;
        SignedInUser::of(&completed, client_cookie)
    }

    /// Signs a user in with a password, likewise.
    pub(crate) async fn sign_in(&self, identifier: &str, password: &str) -> SignedInUser {
        let fields = [("identifier", identifier), ("password", password)];
        let completed = self.frontend("/v1/client/sign_ins", "", &fields).await;
        let client_cookie = cookie(&completed, "__client");
        SignedInUser::of(&completed, client_cookie)
    }

    /// Ends the user's session, likewise.
    pub(crate) async fn sign_out(&self, user: &SignedInUser) -> Reply {
        let path = format!("/v1/client/sessions/{}/end", user.session_id);
        self.frontend(&path, &user.client_cookie, &[]).await
    }

    /// Sends the user's browser through a handshake, and returns the cookie with its nonce.
    pub(crate) async fn handshake(&self, user: &SignedInUser) -> String {
        let page =
            form_urlencoded::byte_serialize(format!("{APP_URL}/profile").as_bytes()).collect::<String>();
        let path = format!("/__clerk/v1/client/handshake?format=nonce&redirect_url={page}");
        let reply = self
            .get(&path)
            .document()
            .cookies(&user.client_cookie)
            .send()
            .await;
        assert_eq!(reply.status, 307, "{}", reply.body);
        cookie(&reply, "__clerk_handshake_nonce")
    }

    async fn frontend(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Reply {
        let path = format!("/__clerk{path}?__clerk_api_version=2026-05-12");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let reply = TestRequest::new(self.server.router(), Method::POST, &path)
            .header("origin", APP_URL)
            .header("content-type", "application/x-www-form-urlencoded")
            .cookies(cookies)
            .body(body)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply
    }

    /// Calls the Backend API with the secret key. Without a body if that is null.
    pub(crate) async fn backend(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.environment["CLERK_API_URL"]);
        let request = reqwest::Client::new()
            .request(method, &url)
            .bearer_auth(&self.environment["CLERK_SECRET_KEY"]);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{url}: {}", response.status());
        response.json().await.unwrap()
    }
}

impl SignedInUser {
    fn of(completed: &Reply, client_cookie: String) -> Self {
        let body = completed.json();
        assert_eq!(body["response"]["status"], "complete", "{body}");
        let session = &body["client"]["sessions"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            id: text(&session["user"]["id"]),
            session_id: text(&session["id"]),
            token: text(&session["last_active_token"]["jwt"]),
            client_cookie,
        }
    }

    /// The cookies that the user's browser sends to the app.
    pub(crate) fn cookies(&self) -> String {
        // Any time before the token was issued counts.
        format!("__client_uat=1; __session={}", self.token)
    }
}

/// A cookie that a reply sets, as the browser sends it back.
fn cookie(reply: &Reply, name: &str) -> String {
    let prefix = format!("{name}=");
    let mut cookies = reply.headers.get_all(header::SET_COOKIE).iter();
    let cookie = cookies
        .find_map(|value| value.to_str().ok().filter(|cookie| cookie.starts_with(&prefix)))
        .unwrap_or_else(|| panic!("no {name} in {:?}", reply.headers));
    cookie.split(';').next().unwrap().to_owned()
}
