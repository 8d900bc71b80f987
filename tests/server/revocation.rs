//! What Clerk revokes is refused by every node at once, although its token is valid for a minute.

#[path = "../../crates/session-stores/tests/conformance/servers.rs"]
mod servers;

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::json;
use tokio::time::{sleep, timeout};

use self::servers::Server;
use crate::support::{LocalApp, Node, SignedInUser, TempDir};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

async fn status(node: &Node, user: &SignedInUser) -> StatusCode {
    node.get("/api/me").cookies(user.cookies()).send().await.status
}

async fn eventually_refuses(node: &Node, user: &SignedInUser) {
    let refused = async {
        while status(node, user).await != StatusCode::UNAUTHORIZED {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, refused)
        .await
        .expect("the node refuses the token");
}

/// The local Clerk sends its webhooks to the app; the nodes have only the store in common with it.
async fn every_node_refuses_what_is_revoked(store: &str) {
    let app = LocalApp::with_store(store).await;
    let nodes = [app.start_node().await, app.start_node().await];
    let mut users = Vec::new();
    for name in ["ada", "ben", "cy"] {
        users.push(app.sign_up(&format!("{name}@example.org")).await);
    }
    let [ada, ben, cy] = users.as_slice() else {
        unreachable!()
    };
    for node in &nodes {
        for user in &users {
            assert_eq!(status(node, user).await, StatusCode::OK);
        }
    }

    let revoke = format!("/v1/sessions/{}/revoke", ada.session_id);
    app.backend(Method::POST, &revoke, &json!({})).await;
    app.backend(Method::DELETE, &format!("/v1/users/{}", ben.id), &json!({}))
        .await;
    for node in &nodes {
        eventually_refuses(node, ada).await;
        eventually_refuses(node, ben).await;
        assert_eq!(status(node, cy).await, StatusCode::OK);
        let page = node
            .get("/profile")
            .document()
            .cookies(ada.cookies())
            .send()
            .await;
        assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT);
        assert!(page.header("location").contains("/v1/client/handshake"));
    }

    // A node that starts later knows it from the beginning.
    let late = app.start_node().await;
    assert_eq!(status(&late, ada).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&late, ben).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&late, cy).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_sqlite_file() {
    let directory = TempDir::new();
    every_node_refuses_what_is_revoked(&format!("sqlite:{}/sessions.sqlite", directory.as_str())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis() {
    let server = Server::redis();
    every_node_refuses_what_is_revoked(&server.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_postgres() {
    let server = Server::postgres();
    every_node_refuses_what_is_revoked(&server.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sessions_of_a_deleted_user_are_gone() {
    let directory = TempDir::new();
    let path = directory.path().join("sessions.sqlite");
    let app = LocalApp::with_store(&format!("sqlite:{}", path.display())).await;
    let node = app.start_node().await;
    let (ada, ben) = (
        app.sign_up("ada@example.org").await,
        app.sign_up("ben@example.org").await,
    );
    for user in [&ada, &ada, &ben] {
        node.get("/profile")
            .document()
            .cookies(user.cookies())
            .send()
            .await;
    }
    let owners = || -> Vec<String> {
        let database = Connection::open(&path).unwrap();
        let mut select = database.prepare("SELECT owner FROM sessions").unwrap();
        let owners = select.query_map([], |row| row.get(0)).unwrap();
        owners.map(Result::unwrap).collect()
    };
    assert_eq!(owners().len(), 3);

    app.backend(Method::DELETE, &format!("/v1/users/{}", ada.id), &json!({}))
        .await;
    let deleted = async {
        while owners() != [ben.id.as_str()] {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, deleted)
        .await
        .expect("only the other user's session remains");
}
