//! The program `local-clerk`: what it prints, how it stops, and how it reports mistakes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

mod exec;
mod exposed;
mod running;
mod state;

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead as _, BufReader, Lines, Read as _},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdout, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::Value;

/// The program, without variables of this process that concern it.
fn bare_program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-clerk"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.contains("CLERK_") || name == "RUST_LOG" {
            command.env_remove(&*name);
        }
    }
    command
}

/// The program as a server of a test.
fn program() -> Command {
    let mut command = bare_program();
    command
        .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
        .env("LOCAL_CLERK_DATA", "memory");
    command
}

/// An empty directory that is removed with its owner.
struct TempDir(PathBuf);

impl TempDir {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("local-clerk-program-{}-{next}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        fs::write(&file, text).unwrap();
        file
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // A directory left behind does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that is killed when the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn spawn(command: &mut Command) -> (Self, Lines<BufReader<ChildStdout>>) {
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut running = Self(spawned.unwrap());
        let stdout = BufReader::new(running.0.stdout.take().unwrap());
        (running, stdout.lines())
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args(["-s", name, &self.0.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// Waits for the end; returns the exit code and the standard error.
    fn end(&mut self) -> (Option<i32>, String) {
        let mut stderr = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (self.0.wait().unwrap().code(), stderr)
    }
}

/// Starts the program, and returns it with what it printed before `ready`.
fn start(command: &mut Command) -> (Running, BTreeMap<String, String>) {
    let (running, stdout) = Running::spawn(command);
    let mut environment = BTreeMap::new();
    for line in stdout {
        let line = line.unwrap();
        if line == "ready" {
            return (running, environment);
        }
        let (name, value) = line.split_once('=').unwrap();
        environment.insert(name.to_owned(), value.to_owned());
    }
    panic!("the program ended before it was ready");
}

/// The addresses of the users of a local Clerk, as the app's server lists them.
async fn addresses(environment: &BTreeMap<String, String>) -> Vec<String> {
    let users = reqwest::Client::new()
        .get(format!("{}/v1/users", environment["CLERK_API_URL"]))
        .bearer_auth(&environment["CLERK_SECRET_KEY"])
        .send()
        .await
        .unwrap();
    let users: Value = users.json().await.unwrap();
    let address = |user: &Value| {
        let address = &user["email_addresses"][0]["email_address"];
        address.as_str().unwrap().to_owned()
    };
    users.as_array().unwrap().iter().map(address).collect()
}

async fn create_user(environment: &BTreeMap<String, String>, email_address: &str) {
    let created = reqwest::Client::new()
        .post(format!("{}/v1/users", environment["CLERK_API_URL"]))
        .bearer_auth(&environment["CLERK_SECRET_KEY"])
        .json(&serde_json::json!({ "email_address": [email_address] }))
        .send()
        .await
        .unwrap();
    assert_eq!(created.status(), 200);
}

/// Runs the program, which succeeds, and returns its standard output.
fn output(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// The signals that end the program; without SIGHUP where `nohup` runs the tests.
fn signals() -> Vec<&'static str> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    if ignored & 1 == 0 {
        vec!["INT", "TERM", "HUP"]
    } else {
        vec!["INT", "TERM"]
    }
}

fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).unwrap().permissions().mode() & 0o077 == 0
}

/// Runs the program, which fails, and returns its error.
fn error(command: &mut Command, code: i32) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{stderr}");
    assert!(stdout.is_empty());
    stderr
}

#[tokio::test]
async fn prints_the_environment_serves_and_stops_on_sigterm() {
    let empty = [
        "LOCAL_CLERK_SEED",
        "LOCAL_CLERK_INSTANCE",
        "LOCAL_CLERK_WEBHOOK_URL",
    ];
    let (mut running, environment) = start(program().envs(empty.map(|name| (name, ""))));
    let names: Vec<&str> = environment.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "CLERK_API_URL",
            "CLERK_FAPI_URL",
            "CLERK_JWT_KEY",
            "CLERK_PUBLISHABLE_KEY",
            "CLERK_SECRET_KEY",
            "CLERK_WEBHOOK_SIGNING_SECRET",
            "EXPO_PUBLIC_CLERK_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_CLERK_JS_URL",
            "NEXT_PUBLIC_CLERK_PROXY_URL",
            "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_CLERK_UI_URL",
            "NUXT_CLERK_JWT_KEY",
            "NUXT_CLERK_SECRET_KEY",
            "NUXT_CLERK_WEBHOOK_SIGNING_SECRET",
            "NUXT_PUBLIC_CLERK_API_URL",
            "NUXT_PUBLIC_CLERK_JS_URL",
            "NUXT_PUBLIC_CLERK_PROXY_URL",
            "NUXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
            "NUXT_PUBLIC_CLERK_UI_URL",
            "PUBLIC_CLERK_JS_URL",
            "PUBLIC_CLERK_PROXY_URL",
            "PUBLIC_CLERK_PUBLISHABLE_KEY",
            "PUBLIC_CLERK_UI_URL",
            "VITE_CLERK_JS_URL",
            "VITE_CLERK_PROXY_URL",
            "VITE_CLERK_PUBLISHABLE_KEY",
            "VITE_CLERK_UI_URL",
        ]
    );
    for (name, value) in &environment {
        // A framework's name is a prefix and Clerk's name.
        let clerk_name = match &name[name.find("CLERK_").unwrap()..] {
            "CLERK_PROXY_URL" => "CLERK_FAPI_URL",
            "CLERK_JS_URL" | "CLERK_UI_URL" => continue,
            clerk_name => clerk_name,
        };
        assert_eq!(*value, environment[clerk_name], "{name}");
    }
    assert!(environment["CLERK_PUBLISHABLE_KEY"].starts_with("pk_test_"));
    for (name, script) in [
        ("NEXT_PUBLIC_CLERK_JS_URL", "clerk-js@6/dist/clerk.browser.js"),
        ("VITE_CLERK_UI_URL", "ui@1/dist/ui.browser.js"),
    ] {
        let expected = format!("{}/npm/@clerk/{script}", environment["CLERK_FAPI_URL"]);
        assert_eq!(environment[name], expected);
    }
    assert_eq!(addresses(&environment).await.len(), 1);
    running.signal("TERM");
    assert_eq!(running.end().0, Some(0));
}

#[test]
fn prints_the_environment_as_one_line_of_json() {
    let (mut running, mut stdout) = Running::spawn(program().arg("--json"));
    let printed: Value = serde_json::from_str(&stdout.next().unwrap().unwrap()).unwrap();
    let environment = printed["environment"].as_object().unwrap();
    let api_url = environment["CLERK_API_URL"].as_str().unwrap();
    assert_eq!(environment["CLERK_FAPI_URL"], format!("{api_url}/__clerk"));
    assert_eq!(
        environment["VITE_CLERK_PUBLISHABLE_KEY"],
        environment["CLERK_PUBLISHABLE_KEY"]
    );
    running.signal("INT");
    assert!(stdout.next().is_none());
    assert_eq!(running.end().0, Some(0));
}

#[test]
fn options_take_precedence_over_variables() {
    let mut command = program();
    command
        .env("LOCAL_CLERK_INSTANCE", "development")
        .args(["--instance", "production"]);
    let (_running, environment) = start(&mut command);
    assert!(environment["CLERK_PUBLISHABLE_KEY"].starts_with("pk_live_"));
    // Only the app's proxy can set the cookies of a production instance.
    assert!(!environment.contains_key("NEXT_PUBLIC_CLERK_PROXY_URL"));
}

#[test]
fn mistakes_are_reported_in_one_line() {
    for (name, value, expected) in [
        (
            "LOCAL_CLERK_ADDR",
            "localhost:5002",
            "LOCAL_CLERK_ADDR must be an IP address and a port",
        ),
        ("LOCAL_CLERK_STRICT", "perhaps", "LOCAL_CLERK_STRICT"),
        ("LOCAL_CLERK_INSTANCE", "staging", "LOCAL_CLERK_INSTANCE must be"),
        (
            "LOCAL_CLERK_TOKEN_LIFETIME",
            "soon",
            "LOCAL_CLERK_TOKEN_LIFETIME must be",
        ),
    ] {
        let error = error(program().env(name, value), 2);
        assert!(error.contains(expected) && error.contains(value), "{error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    }
    let unknown = error(program().arg("--port=1"), 2);
    assert!(
        unknown.contains("--port") && unknown.contains("--help"),
        "{unknown}"
    );
    let misplaced = error(program().args(["--seed=s.toml", "exec", "--", "true"]), 2);
    assert!(
        misplaced.contains("exec") && misplaced.contains("--seed"),
        "{misplaced}"
    );
    for (name, value, expected) in [
        ("LOCAL_CLERK_ADDR", "0.0.0.0:0", "LOCAL_CLERK_ALLOWED_HOSTS"),
        ("LOCAL_CLERK_IMPORT", "no/such/file.json", "LOCAL_CLERK_IMPORT"),
        (
            "LOCAL_CLERK_EXPORT_ON_EXIT",
            "/dev/null/state.json",
            "LOCAL_CLERK_EXPORT_ON_EXIT",
        ),
        ("LOCAL_CLERK_SEED", "no/such/file.toml", "LOCAL_CLERK_SEED"),
        (
            "LOCAL_CLERK_TOKEN_LIFETIME",
            "86401",
            "LOCAL_CLERK_TOKEN_LIFETIME",
        ),
        (
            "LOCAL_CLERK_WEBHOOK_URL",
            "https://example.com/",
            "LOCAL_CLERK_WEBHOOK_URL",
        ),
    ] {
        let error = error(program().env(name, value), 1);
        let last = error.trim_end().lines().last().unwrap_or_default();
        assert!(last.contains(expected) && last.contains(value), "{error}");
    }
}
