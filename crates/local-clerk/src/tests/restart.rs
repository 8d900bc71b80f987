use std::{env, fs, path::PathBuf, process};

use http::Method;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{Data, Local};
use crate::{Config, Error, Instance, start};

/// A directory of this test's own.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("local-clerk-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn keeps_users_sessions_and_keys() {
    let scratch = Scratch::new("restart");
    let data = Data::File(scratch.0.join("new/local.sqlite"));
    let first = Local::with_data(Instance::Development, data.clone()).await;
    let mut browser = first.signed_up("jane@example.com").await;
    let (dev_browser, token) = (browser.dev_browser.clone(), browser.token().await);

    let second = Local::with_data(Instance::Development, data.clone()).await;
    let mut browser = second.browser().await;
    browser.dev_browser = dev_browser;
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me["response"]["first_name"], "Jane");
    second.verify(&token, &browser.jwks().await);
    let secret = |local: &Local| local.shared.keys.secret_key.expose_secret().to_owned();
    assert_eq!(secret(&first), secret(&second));
    let users = second.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    assert_eq!(users.as_array().unwrap().len(), 2, "the demo user is seeded once");

    #[cfg(unix)]
    if let Data::File(path) = data {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn serves_loopback_only_and_stops() {
    let config = |addr: &str| Config {
        addr: addr.parse().unwrap(),
        data: Data::Memory,
        instance: Instance::Development,
        seed: None,
        npm_dir: PathBuf::from("node_modules"),
        record: None,
        webhook_url: None,
        app_url: None,
    };
    let refused = start(config("0.0.0.0:0")).await.unwrap_err();
    assert!(matches!(refused, Error::NotLoopback(_)) && refused.to_string().contains("LOCAL_CLERK_ADDR"));

    let local = start(config("127.0.0.1:0")).await.unwrap();
    let taken = start(config(local.api_url().trim_start_matches("http://")))
        .await
        .unwrap_err();
    assert!(matches!(taken, Error::Bind { .. }));
    let jwks = reqwest::get(format!("{}/.well-known/jwks.json", local.fapi_url()))
        .await
        .unwrap();
    assert_eq!(jwks.status(), 200);
    assert!(
        local
            .keys()
            .jwt_key
            .starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjAN")
    );
    assert!(local.keys().publishable_key.starts_with("pk_test_"));
    assert!(!format!("{local:?}").contains(local.keys().secret_key.expose_secret()));
    let environment = local.environment();
    assert!(
        environment
            .iter()
            .all(|(name, value)| name.starts_with("CLERK_") && !value.contains('\n'))
    );
    let address = local.api_url();
    local.shutdown().await;
    assert!(reqwest::get(address).await.is_err());
}

/// What starting says of this data file.
async fn refusal(path: PathBuf) -> String {
    let config = Config {
        addr: "127.0.0.1:0".parse().unwrap(),
        data: Data::File(path),
        instance: Instance::Development,
        seed: None,
        npm_dir: PathBuf::from("node_modules"),
        record: None,
        webhook_url: None,
        app_url: None,
    };
    start(config).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_unusable_data_file_is_named() {
    let scratch = Scratch::new("unusable");
    fs::create_dir_all(&scratch.0).unwrap();
    let path = scratch.0.join("notes.txt");
    fs::write(
        &path,
        "these are notes, not a database, and long enough for SQLite to see that at once".repeat(9),
    )
    .unwrap();
    let error = refusal(path).await;
    assert!(
        error.contains("LOCAL_CLERK_DATA") && error.contains("notes.txt"),
        "{error}"
    );
}

#[tokio::test]
async fn a_data_file_of_another_version_is_left_as_it_is() {
    let scratch = Scratch::new("version");
    let path = scratch.0.join("local.sqlite");
    let first = Local::with_data(Instance::Development, Data::File(path.clone())).await;
    first.signed_up("jane@example.com").await;
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();

    let error = refusal(path).await;
    assert!(
        error.contains("LOCAL_CLERK_DATA") && error.contains("another version"),
        "{error}"
    );
    let kept: i64 = connection
        .query_row("SELECT count(*) FROM documents WHERE kind = 'user'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(kept, 2);
}
