//! [`TestApp`]: the whole router with a stub of Clerk.

mod clerk_stub;
mod keys;
#[cfg(feature = "local-clerk")]
mod local_app;
mod log;
mod request;
mod temp_dir;

#[cfg(feature = "local-clerk")]
pub(crate) use self::local_app::{LocalApp, Node, SignedInUser};
pub(crate) use self::{
    clerk_stub::ClerkStub,
    keys::{Token, token},
    log::Log,
    request::{Reply, TestRequest},
    temp_dir::TempDir,
};

use std::{future, net::SocketAddr};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use http_server::Limits;
use leptos_with_clerk::{
    config::{ClerkSource, Config, Environment},
    server::Server,
};
use tokio::net::TcpListener;

/// The Frontend API host of the keys: tokens must be issued by it.
pub(crate) const FRONTEND_API: &str = "clerk.app.example";

pub(crate) struct TestApp {
    server: Server,
    pub(crate) clerk: ClerkStub,
    _site: TempDir,
}

impl TestApp {
    /// A production instance, with sessions in memory.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With additional or changed variables.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        Self::with_limits(variables, |_| {}).await
    }

    /// With other limits, too.
    pub(crate) async fn with_limits(variables: &[(&str, &str)], change: impl FnOnce(&mut Limits)) -> Self {
        let clerk = ClerkStub::start().await;
        let site = TempDir::with_site();
        let publishable_key = format!("pk_live_{}", STANDARD.encode(format!("{FRONTEND_API}$")));
        let (api_url, fapi_url) = (clerk.url(), format!("{}/fapi", clerk.url()));
        let mut all = vec![
            ("APP_URL", "http://localhost:5001"),
            ("ALLOWED_HOSTS", "app.example,localhost,127.0.0.1"),
            ("CLERK_PUBLISHABLE_KEY", publishable_key.as_str()),
            ("CLERK_SECRET_KEY", "sk_live_secretsecretsecret"),
            ("CLERK_JWT_KEY", keys::public_pem()),
            ("CLERK_API_URL", &api_url),
            ("CLERK_FAPI_URL", &fapi_url),
            ("CLERK_PROXY_URL", "/__clerk"),
            ("SESSION_STORE", "memory"),
            ("LEPTOS_SITE_ROOT", site.as_str()),
        ];
        all.extend_from_slice(variables);
        let environment: Environment = all.into_iter().collect();
        let mut config = Config::read(&environment, false).unwrap();
        change(&mut config.limits);
        let ClerkSource::Instance(options) = &config.clerk else {
            panic!("the keys select an instance")
        };
        let server = Server::build(&config, (**options).clone()).await.unwrap();
        Self {
            server,
            clerk,
            _site: site,
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> TestRequest {
        TestRequest::new(self.server.router(), method, path)
    }

    pub(crate) fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> TestRequest {
        self.request(Method::POST, path)
    }

    /// The server, to be served on a socket.
    pub(crate) fn server(&self) -> Server {
        self.server.clone()
    }

    /// Serves on a free port.
    pub(crate) async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(self.server().serve(listener, future::pending()));
        addr
    }
}

/// The variables that errors of the configuration begin with, sorted.
pub(crate) fn variables_of(errors: &[String]) -> Vec<&str> {
    let mut names: Vec<&str> = errors
        .iter()
        .filter_map(|error| error.split(' ').next())
        .collect();
    names.sort_unstable();
    names
}
