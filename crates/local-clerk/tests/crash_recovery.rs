//! The local Clerk killed while it writes: acknowledged changes survive, and no change is stored in part.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![cfg(unix)]

use std::{
    collections::{BTreeMap, HashSet},
    env, fs,
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use reqwest::{Client, Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinSet};

/// An empty directory that is removed with its owner.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("local-clerk-crash-{}-{next}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // A directory left behind does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const KILLS: usize = 5;
const WRITERS: usize = 8;

/// A process that serves a local Clerk.
struct LocalClerk(Child);

impl LocalClerk {
    fn spawn(data: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_local-clerk"))
            .current_dir(data.parent().unwrap())
            .env_clear()
            .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
            .env("LOCAL_CLERK_DATA", data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Waits until it is ready and returns the variables that it prints.
    fn environment(&mut self) -> BTreeMap<String, String> {
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        lines
            .map(Result::unwrap)
            .take_while(|line| line != "ready")
            .map(|line| {
                let (name, value) = line.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect()
    }

    /// Kills it (SIGKILL) if it still runs.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for LocalClerk {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Calls the Backend API of a local Clerk.
#[derive(Clone)]
struct Backend {
    client: Client,
    api_url: String,
    secret_key: String,
}

impl Backend {
    fn new(environment: &BTreeMap<String, String>) -> Self {
        Self {
            client: Client::new(),
            api_url: environment["CLERK_API_URL"].clone(),
            secret_key: environment["CLERK_SECRET_KEY"].clone(),
        }
    }

    /// Returns the response, or `None` if the process was killed before it answered.
    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Option<(StatusCode, Value)> {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.api_url))
            .bearer_auth(&self.secret_key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.ok()?;
        let status = response.status();
        Some((status, response.json().await.ok()?))
    }

    /// Creates a resource and returns its id, or `None` as above.
    async fn create(&self, path: &str, body: Value) -> Option<String> {
        let (status, created) = self.call(Method::POST, path, Some(&body)).await?;
        assert_eq!(status, StatusCode::OK, "{path}: {created}");
        Some(created["id"].as_str().unwrap().to_owned())
    }
}

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

fn random() -> usize {
    let random = RandomState::new().build_hasher().finish();
    usize::try_from(random % 1024).unwrap()
}
