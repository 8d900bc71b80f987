//! The program `local-clerk`: what it prints, how it stops, and how it reports mistakes.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![cfg(unix)]

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

/// The program, without variables of this process that concern it.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_local-clerk"));
    for name in ["LOCAL_CLERK_RECORD", "RUST_LOG"] {
        command.env_remove(name);
    }
    command
        .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
        .env("LOCAL_CLERK_DATA", "memory");
    command
}

/// A program that is killed when the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program, and returns it with what it printed before `ready`.
fn start(command: &mut Command) -> (Running, BTreeMap<String, String>) {
    let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut running = Running(spawned.unwrap());
    let stdout = BufReader::new(running.0.stdout.take().unwrap());
    let mut environment = BTreeMap::new();
    for line in stdout.lines() {
        let line = line.unwrap();
        if line == "ready" {
            return (running, environment);
        }
        let (name, value) = line.split_once('=').unwrap();
        environment.insert(name.to_owned(), value.to_owned());
    }
    panic!("the program ended before it was ready");
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
        ]
    );
    assert!(environment["CLERK_PUBLISHABLE_KEY"].starts_with("pk_test_"));
    let users = reqwest::Client::new()
        .get(format!("{}/v1/users", environment["CLERK_API_URL"]))
        .bearer_auth(&environment["CLERK_SECRET_KEY"])
        .send()
        .await
        .unwrap();
    assert_eq!(users.status(), 200);
    let pid = running.0.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    assert!(running.0.wait().unwrap().success());
}

#[test]
fn options_take_precedence_over_variables() {
    let mut command = program();
    command
        .env("LOCAL_CLERK_INSTANCE", "development")
        .args(["--instance", "production"]);
    let (_running, environment) = start(&mut command);
    assert!(environment["CLERK_PUBLISHABLE_KEY"].starts_with("pk_live_"));
}

#[test]
fn mistakes_are_reported_in_one_line() {
    for (name, value, expected) in [
        (
            "LOCAL_CLERK_ADDR",
            "0.0.0.0:5002",
            "LOCAL_CLERK_ADDR must be a loopback address",
        ),
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
    for (name, value, expected) in [
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

#[tokio::test]
async fn session_token_that_outgrows_a_cookie_is_in_the_log_once() {
    let seed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large-token.toml");
    let text = format!(
        "[settings]\nsession_token = {{ much = \"{}\" }}\n[[users]]\nid = \"user_ada\"\nemail_addresses = [\"ada@example.com\"]\n",
        "x".repeat(3_000)
    );
    std::fs::write(&seed, text).unwrap();
    let (mut running, environment) = start(program().env("LOCAL_CLERK_SEED", &seed));
    let http = reqwest::Client::new();
    let (backend, frontend) = (&environment["CLERK_API_URL"], &environment["CLERK_FAPI_URL"]);
    let send = async |request: reqwest::RequestBuilder| {
        let reply: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(reply.get("errors"), None, "{reply}");
        reply
    };
    let token = http.post(format!("{backend}/v1/sign_in_tokens"));
    let token = token
        .bearer_auth(&environment["CLERK_SECRET_KEY"])
        .json(&json!({ "user_id": "user_ada" }));
    let ticket = send(token).await["token"].take();
    let browser = send(http.post(format!("{frontend}/v1/dev_browser"))).await["id"].take();
    let query = format!("__clerk_db_jwt={}", browser.as_str().unwrap());
    let sign_in = http.post(format!("{frontend}/v1/client/sign_ins?{query}"));
    let sign_in = sign_in
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("strategy=ticket&ticket={}", ticket.as_str().unwrap()));
    send(sign_in).await;
    send(http.get(format!("{frontend}/v1/client?{query}"))).await;
    let pid = running.0.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    let mut log = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(log.matches("too long for a cookie").count(), 1, "{log}");
    assert!(log.contains("user_ada"), "{log}");
}
