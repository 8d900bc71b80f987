//! [`TestApp`]: the whole router, and what it talks to.

mod clerk_stub;
mod keys;
mod request;

pub(crate) use self::{
    clerk_stub::ClerkStub,
    keys::token,
    request::{Reply, TestRequest},
};

use std::{
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos_with_clerk::{
    config::{ClerkSource, Config, Environment},
    server::Server,
};

/// The Frontend API host of the keys: tokens must be issued by it.
pub(crate) const FRONTEND_API: &str = "clerk.app.example";

pub(crate) struct TestApp {
    server: Server,
    pub(crate) clerk: ClerkStub,
    directory: PathBuf,
}

impl TestApp {
    /// A production instance, sessions in memory.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With more variables, or other values.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let clerk = ClerkStub::start().await;
        let directory = site();
        let publishable_key = format!("pk_live_{}", STANDARD.encode(format!("{FRONTEND_API}$")));
        let (api_url, fapi_url) = (clerk.url(), format!("{}/fapi", clerk.url()));
        let mut all = vec![
            ("CLERK_PUBLISHABLE_KEY", publishable_key.as_str()),
            ("CLERK_SECRET_KEY", "sk_live_secretsecretsecret"),
            ("CLERK_JWT_KEY", keys::public_pem()),
            ("CLERK_API_URL", &api_url),
            ("CLERK_FAPI_URL", &fapi_url),
            ("CLERK_PROXY_URL", "/__clerk"),
            ("SESSION_STORE", "memory"),
            ("LEPTOS_SITE_ROOT", directory.to_str().unwrap()),
        ];
        all.extend_from_slice(variables);
        let environment: Environment = all.into_iter().collect();
        let config = Config::read(&environment, false).unwrap();
        let ClerkSource::Instance(options) = &config.clerk else {
            panic!("the keys are set")
        };
        let server = Server::build(&config, (**options).clone()).await.unwrap();
        Self {
            server,
            clerk,
            directory,
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

    /// The server itself, to be served on a socket.
    pub(crate) fn server(&self) -> Server {
        self.server.clone()
    }

    /// The directory of the site's files, which lasts as long as the app.
    pub(crate) fn directory(&self) -> &PathBuf {
        &self.directory
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A directory left behind harms nobody.
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A site root with a few files.
fn site() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let directory = env::temp_dir().join(format!("leptos-with-clerk-{}-{next}", process::id()));
    fs::create_dir_all(directory.join("pkg")).unwrap();
    fs::write(directory.join("pkg/app.0a1b.js"), "export {};").unwrap();
    fs::write(directory.join("pkg/app.0a1b.js.br"), "compressed").unwrap();
    fs::write(
        directory.join("favicon.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    .unwrap();
    directory
}
