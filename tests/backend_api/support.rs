//! A local Clerk with its client, and a stub of the Backend API.

use std::{collections::BTreeMap, future::IntoFuture};

use axum::Router;
use clerk_auth::{ApiError, Clerk, Options};
use local_clerk::{LocalClerk, LocalClerkBuilder};
use tokio::net::TcpListener;
use url::Url;

/// A client whose replies come from `router`.
pub(crate) async fn stub(router: Router) -> Clerk {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    client("pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_test_secret", &url)
}

pub(crate) fn client(publishable_key: &str, secret_key: &str, url: &str) -> Clerk {
    Clerk::new(Options {
        api_url: Url::parse(url).unwrap(),
        local: true,
        ..Options::new(publishable_key, secret_key)
    })
    .unwrap()
}

/// Starts a local Clerk with every setting that the client can query.
pub(crate) async fn start() -> (LocalClerk, Clerk) {
    start_with(|builder| builder).await
}

pub(crate) async fn start_with(
    configure: impl FnOnce(LocalClerkBuilder) -> LocalClerkBuilder,
) -> (LocalClerk, Clerk) {
    let mut builder = LocalClerk::builder().seed_file("tests/clients/seed.toml");
    if let Some(file) = std::env::var_os("LOCAL_CLERK_RECORD") {
        builder = builder.record(file);
    }
    let local = configure(builder).start().await.unwrap();
    let environment: BTreeMap<_, _> = local.environment().into_iter().collect();
    let keys = local.keys();
    let clerk = client(
        keys.publishable_key(),
        keys.secret_key(),
        &environment["CLERK_API_URL"],
    );
    (local, clerk)
}

/// The code of the error that a call has ended with.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, ApiError>) -> String {
    match result.unwrap_err() {
        ApiError::Status { code: Some(code), .. } => code,
        error => panic!("an error without a code: {error}"),
    }
}
