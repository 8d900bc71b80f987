//! The local Clerk killed while it writes: acknowledged changes survive, and no change is stored in part.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![cfg(unix)]

mod acknowledged;
mod files;
mod state;

use std::{
    collections::BTreeMap,
    env, fs,
    hash::{BuildHasher, Hasher, RandomState},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

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

/// The program in the directory of a data file, as a server on this file unless its arguments say otherwise.
fn program(data: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_local-clerk"));
    program
        .current_dir(data.parent().unwrap())
        .env_clear()
        .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
        .env("LOCAL_CLERK_DATA", data);
    program
}

/// A process that serves a local Clerk.
struct LocalClerk(Child);

impl LocalClerk {
    fn spawn(data: &Path) -> Self {
        Self::spawn_with(data, &[])
    }

    fn spawn_with(data: &Path, arguments: &[&str]) -> Self {
        let child = program(data)
            .args(arguments)
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

fn random() -> usize {
    let random = RandomState::new().build_hasher().finish();
    usize::try_from(random % 1024).unwrap()
}

/// A random moment within a time that something takes, or a little later.
fn moment_within(time: Duration) -> Duration {
    time.mul_f64(random() as f64 / 900.0)
}

/// A seed with so many users, whose addresses begin with a name.
fn seed(name: &str, users: usize) -> String {
    let users =
        (0..users).map(|number| format!("[[users]]\nemail_addresses = [\"{name}.{number}@example.com\"]\n"));
    users.collect()
}
