//! What every store does alike. Redis and PostgreSQL are real servers, see `scripts/databases.sh`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod raw;
mod servers;
mod suite;

use std::{env, fs, path::PathBuf, time::Duration};

use session_stores::{BestEffortStore, Location, Notice, OpenError, Store, StoreOptions};
use tower_sessions::SessionStore;

use self::{
    raw::Raw,
    servers::{PASSWORD, Server},
    suite::{PATIENCE, eventually, record, unix_time},
};

const OPTIONS: StoreOptions = StoreOptions {
    max_age: Duration::from_secs(1_000_000),
    owner: |data| data.get("owner")?.as_str(),
};

async fn open(location: &str, options: StoreOptions) -> Store {
    Store::open(&Location::parse(location).unwrap(), options)
        .await
        .unwrap()
}

/// A SQLite file that is removed with its directory.
struct File(PathBuf);

impl File {
    fn new() -> Self {
        let directory = env::temp_dir().join(format!("session-stores-{}", record("").id));
        fs::create_dir(&directory).unwrap();
        Self(directory)
    }

    fn location(&self) -> String {
        format!("sqlite:{}/sessions.sqlite", self.0.display())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory() {
    let store = open("memory", OPTIONS).await;
    suite::sessions(&store).await;
    suite::notices(&store, &store).await;
    let store = open("memory", suite::SHORT).await;
    suite::absolute_lifetime(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    let file = File::new();
    suite::all(&file.location(), &Raw::sqlite(&file.location())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis() {
    let mut server = Server::redis();
    suite::all(&server.url(), &Raw::redis(&server.url()).await).await;
    restart(&mut server).await;
    wrong_password(&server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let mut server = Server::postgres();
    suite::all(&server.url(), &Raw::postgres(&server.url()).await).await;
    restart(&mut server).await;
    wrong_password(&server).await;
}

/// The server goes away and comes back: what it has acknowledged is there, the next operation succeeds, and so does the
/// next notice. While it is away, a best-effort store fails no request.
async fn restart(server: &mut Server) {
    let (store, other) = (
        open(&server.url(), OPTIONS).await,
        open(&server.url(), OPTIONS).await,
    );
    let mut kept = record("kept");
    store.create(&mut kept).await.unwrap();
    let mut received = suite::watch(&other);
    let notice = |subject: &str| Notice {
        subject: subject.to_owned(),
        value: 1,
        expires: unix_time() + 60,
    };
    store.publish(&notice("before")).await.unwrap();
    received.expect("before").await;

    server.kill();
    assert!(store.load(&kept.id).await.is_err());
    assert!(store.check().await.is_err());
    let best_effort = BestEffortStore::new(store.clone());
    let empty = tokio::time::timeout(PATIENCE, best_effort.load(&kept.id)).await;
    assert!(empty.unwrap().unwrap().unwrap().data.is_empty());
    best_effort.save(&kept).await.unwrap();
    assert!(best_effort.check().await.is_err());
    server.start();

    assert_eq!(store.load(&kept.id).await.unwrap().unwrap().data, kept.data);
    store.publish(&notice("after")).await.unwrap();
    received.expect("after").await;
    best_effort.check().await.unwrap();
    assert_eq!(best_effort.load(&kept.id).await.unwrap().unwrap().data, kept.data);

    // As often as there are connections, and more.
    for _ in 0..3 {
        server.kill();
        server.start();
        let loads = (0..20).map(|_| store.load(&kept.id));
        for loaded in futures_util::future::join_all(loads).await {
            assert!(loaded.unwrap().is_some());
        }
    }
    eventually("the notices are received again", async || {
        store.publish(&notice("last")).await.is_ok()
    })
    .await;
    received.expect("last").await;
}

async fn wrong_password(server: &Server) {
    let url = server.url_with("wrong-horse");
    let error = Store::open(&Location::parse(&url).unwrap(), OPTIONS)
        .await
        .unwrap_err();
    assert!(matches!(error, OpenError::Server { .. }), "{error:?}");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.contains("127.0.0.1"), "{text}");
        assert!(
            !text.contains("wrong-horse") && !text.contains(PASSWORD),
            "{text}"
        );
    }
}
