//! A session store that fails.

use std::time::Duration;

use axum::http::StatusCode;
use rusqlite::Connection;
use tokio::time::{sleep, timeout};

use crate::support::{Log, Reply, TempDir, TestApp, token};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The app with its sessions in a file, and another connection to that file.
struct Fixture {
    app: TestApp,
    database: Connection,
    directory: TempDir,
}

impl Fixture {
    async fn start() -> Self {
        let directory = TempDir::new();
        let path = directory.path().join("sessions.sqlite");
        let store = format!("sqlite:{}", path.display());
        let app = TestApp::with(&[("SESSION_STORE", &store)]).await;
        Self {
            app,
            database: Connection::open(path).unwrap(),
            directory,
        }
    }

    fn execute(&self, sql: &str) {
        self.database.execute_batch(sql).unwrap();
    }

    fn rows(&self) -> i64 {
        let count = "SELECT count(*) FROM sessions";
        self.database.query_row(count, [], |row| row.get(0)).unwrap()
    }

    async fn page(&self, cookies: &str) -> Reply {
        let reply = self.app.get("/").document().cookies(cookies).send().await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.contains("ada@example.com"), "the user is missing");
        reply
    }
}

#[tokio::test]
async fn pages_do_without_the_store_while_it_fails_and_readyz_reports_it() {
    for (failure, repair) in [
        ("BEGIN IMMEDIATE", "ROLLBACK"),
        (
            "CREATE TRIGGER full BEFORE INSERT ON sessions
             BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
            "DROP TRIGGER full",
        ),
        (
            "ALTER TABLE sessions RENAME TO gone",
            "ALTER TABLE gone RENAME TO sessions",
        ),
    ] {
        let fixture = Fixture::start().await;
        let app = &fixture.app;
        let cookies = token("user_1", "sess_1").cookies();
        let session = fixture.page(&cookies).await.session();

        fixture.execute(failure);
        let ready = app.get("/readyz").send().await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE, "{failure}");
        assert_eq!(ready.json()["session_store"], "failing");
        // A cookie for a session that is not stored would replace the one of a session that is.
        for cookies in [&cookies, &format!("{cookies}; {session}")] {
            assert_eq!(fixture.page(cookies).await.session_cookie(), None, "{failure}");
        }
        let refresh = app.post("/api/session/refresh").cookies(&cookies).send().await;
        assert_eq!(refresh.status, StatusCode::NO_CONTENT, "{failure}");
        let signed_out = format!("__client_uat=0; {session}");
        let signed_out = app.get("/").document().cookies(signed_out).send().await;
        assert_eq!(signed_out.status, StatusCode::OK, "{failure}");
        let is_kept = failure.contains("TRIGGER") || signed_out.session_cookie().is_none();
        assert!(is_kept, "{failure}");

        fixture.execute(repair);
        // The failure is reported for another second.
        let ready = async {
            while app.get("/readyz").send().await.status != StatusCode::OK {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, ready).await.expect(failure);
        let session = fixture.page(&cookies).await.session();
        let again = fixture.page(&format!("{cookies}; {session}")).await;
        assert_eq!(
            again.session_cookie(),
            None,
            "{failure}: the session was not stored"
        );
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_replaced() {
    let fixture = Fixture::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = fixture.page(&cookies).await.session();
    fixture.execute("UPDATE sessions SET data = x'00'");

    let replaced = fixture.page(&format!("{cookies}; {session}")).await.session();
    assert_ne!(replaced, session);
    assert_eq!(fixture.rows(), 1);
    let again = fixture.page(&format!("{cookies}; {replaced}")).await;
    assert_eq!(again.session_cookie(), None);
}

#[tokio::test]
async fn failures_are_logged_once_a_minute() {
    let fixture = Fixture::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = fixture.page(&cookies).await.session();
    fixture.execute("DROP TABLE sessions");

    let log = Log::start();
    for _ in 0..10 {
        fixture.page(&cookies).await;
        fixture.page(&format!("{cookies}; {session}")).await;
    }
    let log = log.stop();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("the session store failed"), "{log}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_servers_user_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::start().await;
    fixture.page(&token("user_1", "sess_1").cookies()).await;
    let mut modes = Vec::new();
    for entry in std::fs::read_dir(fixture.directory.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        modes.push((entry.file_name(), mode & 0o777));
    }
    assert_eq!(modes.len(), 3, "the database, its log and its index: {modes:?}");
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}

#[tokio::test]
async fn expired_sessions_are_deleted_while_the_server_runs() {
    let fixture = Fixture::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    fixture.page(&cookies).await;
    fixture.execute("UPDATE sessions SET expires = 1");
    fixture.page(&cookies).await;
    assert_eq!(fixture.rows(), 2);

    fixture.app.listen().await;
    let deleted = async {
        while fixture.rows() > 1 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, deleted)
        .await
        .expect("the expired one is deleted");
}

#[tokio::test]
async fn many_readiness_checks_are_one() {
    let fixture = Fixture::start().await;
    fixture.execute(
        "CREATE TABLE checks (at);
         CREATE TRIGGER counted AFTER INSERT ON sessions BEGIN INSERT INTO checks VALUES (1); END",
    );
    let requests = (0..200).map(|_| fixture.app.get("/readyz").send());
    let replies = futures_util::future::join_all(requests).await;
    assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
    let count = "SELECT count(*) FROM checks";
    let checks: i64 = fixture.database.query_row(count, [], |row| row.get(0)).unwrap();
    // One a second.
    assert!((1..=20).contains(&checks), "{checks}");
}
