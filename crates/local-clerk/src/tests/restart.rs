use std::{env, fs, path::PathBuf, process};

use http::Method;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{Data, Local};
use crate::{Instance, LocalClerk};

/// A directory for one test, deleted at its end.
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
async fn restart_keeps_users_sessions_and_keys() {
    let scratch = Scratch::new("restart");
    let path = scratch.0.join("new/local.sqlite");
    let data = Data::File(path.clone());
    let first = Local::with_data(Instance::Development, data.clone()).await;
    let mut browser = first.signed_up("jane@example.com").await;
    let (dev_browser, token) = (browser.dev_browser.clone(), browser.token().await);

    let second = Local::with_data(Instance::Development, data).await;
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
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// The error of starting with this data file.
async fn refusal(path: PathBuf) -> String {
    let builder = LocalClerk::builder().data(path);
    builder.start().await.unwrap_err().to_string()
}

#[tokio::test]
async fn error_names_an_unusable_data_file() {
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
async fn data_file_of_another_version_is_not_modified() {
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
