//! Kills during ordinary requests, and during the first start.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinSet};

use crate::{Backend, LocalClerk, TempDir, random};

const KILLS: usize = 5;
const WRITERS: usize = 8;

/// The changes that were acknowledged to one writer.
#[derive(Default)]
struct Acknowledged {
    /// Users with their e-mail address.
    users: Vec<(String, String)>,
    /// Sessions with their user.
    sessions: Vec<(String, String)>,
    /// Organizations with their creator.
    organizations: Vec<(String, String)>,
    deleted: Vec<String>,
}

impl Acknowledged {
    fn merge(&mut self, other: Self) {
        self.users.extend(other.users);
        self.sessions.extend(other.sessions);
        self.organizations.extend(other.organizations);
        self.deleted.extend(other.deleted);
    }
}

/// Writes until there is no response any more.
async fn write(backend: Backend, name: String, on_answer: impl Fn()) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    for number in 0.. {
        let email_address = format!("{name}.{number}@example.com");
        let user = json!({ "email_address": [email_address], "skip_password_requirement": true });
        let Some(user) = backend.create("/v1/users", user).await else {
            break;
        };
        on_answer();
        if number % 3 == 2 {
            // Until the response, it is unknown whether the user was deleted.
            let path = format!("/v1/users/{user}");
            let Some((status, _)) = backend.call(Method::DELETE, &path, None).await else {
                break;
            };
            assert_eq!(status, StatusCode::OK, "{path}");
            acknowledged.deleted.push(user);
            continue;
        }
        acknowledged.users.push((user.clone(), email_address));
        let Some(session) = backend.create("/v1/sessions", json!({ "user_id": user })).await else {
            break;
        };
        acknowledged.sessions.push((session, user.clone()));
        let organization = json!({ "name": name, "created_by": user });
        let Some(organization) = backend.create("/v1/organizations", organization).await else {
            break;
        };
        acknowledged.organizations.push((organization, user));
        on_answer();
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_changes_survive_a_kill() {
    let directory = TempDir::new();
    let data = directory.0.join("local-clerk.sqlite");
    let mut acknowledged = Acknowledged::default();
    let mut keys = None;
    for kill in 0..=KILLS {
        let mut local = LocalClerk::spawn(&data);
        let environment = local.environment();
        let backend = Backend::new(&environment);
        check_structure(&data);
        check_acknowledged(&backend, &acknowledged).await;
        let names = ["CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY", "CLERK_JWT_KEY"];
        let now = names.map(|name| environment[name].clone());
        assert_eq!(keys.get_or_insert_with(|| now.clone()), &now, "the keys are kept");
        if kill == KILLS {
            break;
        }

        let (enough, answers) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let kill_after = 1 + random() % 60;
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (enough, answers) = (Arc::clone(&enough), Arc::clone(&answers));
            writers.spawn(write(
                backend.clone(),
                format!("writer.{kill}.{writer}"),
                move || {
                    if answers.fetch_add(1, Ordering::Relaxed) + 1 == kill_after {
                        enough.notify_one();
                    }
                },
            ));
        }
        tokio::select! {
            () = enough.notified() => local.kill(),
            ended = writers.join_next() => panic!("a writer ended before the kill: {:?}", ended.map(|ended| ended.err())),
        }
        while let Some(written) = writers.join_next().await {
            acknowledged.merge(written.unwrap());
        }
    }
}

#[test]
fn a_kill_during_the_first_start_leaves_a_usable_file() {
    for kill in 0..KILLS {
        let directory = TempDir::new();
        let data = directory.0.join("local-clerk.sqlite");
        let file = if kill % 2 == 0 { "sqlite" } else { "sqlite-wal" };
        let mut local = LocalClerk::spawn(&data);
        while !data.with_extension(file).exists() {
            assert!(local.0.try_wait().unwrap().is_none(), "it exited by itself");
        }
        local.kill();
        let mut local = LocalClerk::spawn(&data);
        assert!(
            local.environment().contains_key("CLERK_SECRET_KEY"),
            "it does not start"
        );
        check_structure(&data);
    }
}

async fn check_acknowledged(backend: &Backend, acknowledged: &Acknowledged) {
    let get = async |path: String| {
        let response = backend.call(Method::GET, &path, None).await;
        response.expect("a response")
    };
    for (id, email_address) in &acknowledged.users {
        let (_, user) = get(format!("/v1/users/{id}")).await;
        assert_eq!(
            user["email_addresses"][0]["email_address"], *email_address,
            "{user}"
        );
    }
    for (id, user) in &acknowledged.sessions {
        let (_, session) = get(format!("/v1/sessions/{id}")).await;
        assert_eq!(session["user_id"], *user, "{session}");
    }
    for (id, creator) in &acknowledged.organizations {
        let (_, members) = get(format!("/v1/organizations/{id}/memberships")).await;
        assert_eq!(
            members["data"][0]["public_user_data"]["user_id"], *creator,
            "{members}"
        );
    }
    for id in &acknowledged.deleted {
        assert_eq!(get(format!("/v1/users/{id}")).await.0, StatusCode::NOT_FOUND);
    }
}

/// Checks that what one change writes together is stored together.
fn check_structure(data: &Path) {
    let connection = Connection::open(data).unwrap();
    let integrity: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(integrity, "ok");

    let mut documents = connection
        .prepare("SELECT body FROM documents WHERE kind = ?")
        .unwrap();
    let mut all = |kind: &str| -> Vec<Value> {
        let bodies = documents
            .query_map([kind], |row| row.get::<_, String>(0))
            .unwrap();
        bodies
            .map(|body| serde_json::from_str(&body.unwrap()).unwrap())
            .collect()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let users = all("user");
    let ids: HashSet<String> = users.iter().map(|user| text(&user["id"])).collect();
    let addresses = |user: &Value| user["email_addresses"].as_array().unwrap().len();
    assert!(
        users.iter().all(|user| addresses(user) == 1),
        "a user without an address"
    );
    assert_eq!(
        all("identifier").len(),
        users.len(),
        "addresses and users do not match"
    );
    for session in all("session") {
        assert!(
            ids.contains(&text(&session["user_id"])),
            "a session without its user"
        );
    }
}
