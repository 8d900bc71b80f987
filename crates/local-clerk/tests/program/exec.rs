//! `local-clerk exec`, whose commands are shell scripts.

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
};

use reqwest::Method;

use crate::{Running, TempDir, addresses, bare_program, signals};

const SEED: &str = "[[users]]\nemail_addresses = [\"ada@example.com\"]\n";

/// Runs a shell script beside a local Clerk.
fn exec(options: &[&str], script: &str) -> Command {
    let mut command = bare_program();
    command.arg("exec").args(options).args(["--", "sh", "-c", script]);
    command
}

/// Runs a command that does nothing until the test has sent requests to the local Clerk, and exits with this code; returns
/// the exit code of the program and its standard error.
async fn exec_while(options: &[&str], code: i32, requests: &[(Method, &str)]) -> (Option<i32>, String) {
    let script = format!("echo $CLERK_API_URL; read line; exit {code}");
    let (mut running, mut stdout) = Running::spawn(exec(options, &script).stdin(Stdio::piped()));
    let url = stdout.next().unwrap().unwrap();
    for (method, path) in requests {
        let request = reqwest::Client::new().request(method.clone(), format!("{url}{path}"));
        request.send().await.unwrap();
    }
    drop(running.0.stdin.take());
    running.end()
}

#[tokio::test]
async fn the_command_finds_the_local_clerk_by_its_environment() {
    let directory = TempDir::new();
    let seed = directory.file("seed.toml", SEED);
    let mut command = exec(
        &["--seed", seed.to_str().unwrap()],
        "env | grep CLERK_; echo; read line",
    );
    command.current_dir(&directory.0).stdin(Stdio::piped());
    command
        .env("CLERK_SECRET_KEY", "sk_live_of_an_account")
        .env("VITE_CLERK_PROXY_URL", "/__clerk");
    let (mut running, stdout) = Running::spawn(&mut command);
    let lines = stdout.map(Result::unwrap).take_while(|line| !line.is_empty());
    let environment: BTreeMap<String, String> = lines
        .filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect();
    assert_eq!(
        environment["NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"],
        environment["CLERK_PUBLISHABLE_KEY"]
    );
    assert_eq!(
        environment["VITE_CLERK_PROXY_URL"], "/__clerk",
        "as the caller has said"
    );
    assert_eq!(
        environment["NEXT_PUBLIC_CLERK_PROXY_URL"],
        environment["CLERK_FAPI_URL"]
    );
    assert_eq!(environment["CLERK_JWT_KEY"], "-----BEGIN PUBLIC KEY-----");
    assert_ne!(environment["CLERK_API_URL"], "http://127.0.0.1:5002");
    assert_eq!(addresses(&environment).await, ["ada@example.com"]);
    let files: Vec<_> = fs::read_dir(&directory.0).unwrap().collect();
    assert_eq!(files.len(), 1, "the data is in memory: {files:?}");
    drop(running.0.stdin.take());
    // `read` fails at the end of its input.
    assert_eq!(running.end(), (Some(1), String::new()));
}

#[test]
fn the_exit_code_is_that_of_the_command() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -s TERM $$", 128 + 15),
        ("kill -s KILL $$", 128 + 9),
    ] {
        let status = exec(&[], script).status().unwrap();
        assert_eq!(status.code(), Some(code), "{script}");
    }
    let missing = bare_program()
        .args(["exec", "--", "no-such-command"])
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(127));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no-such-command"));
    let directory = TempDir::new();
    let file = directory.file("not-executable", "");
    let refused = bare_program().args(["exec", "--"]).arg(file).output().unwrap();
    assert_eq!(refused.status.code(), Some(126));
}

#[test]
fn signals_reach_the_command() {
    for (signal, code) in signals().into_iter().zip(3..) {
        let script = format!("trap 'exit {code}' {signal}; echo started; while :; do sleep 0.05; done");
        let (mut running, mut stdout) = Running::spawn(&mut exec(&[], &script));
        assert_eq!(stdout.next().unwrap().unwrap(), "started");
        running.signal(signal);
        assert_eq!(running.end().0, Some(code), "{signal}");
    }
    // A command that wants to live on does.
    let script = "trap 'echo caught' TERM; echo started; \
                  while ! test -e \"$DONE\"; do sleep 0.05; done; exit 9";
    let directory = TempDir::new();
    let done = directory.0.join("done");
    let (mut running, mut stdout) = Running::spawn(exec(&[], script).env("DONE", &done));
    assert_eq!(stdout.next().unwrap().unwrap(), "started");
    running.signal("TERM");
    assert_eq!(stdout.next().unwrap().unwrap(), "caught");
    fs::write(&done, "").unwrap();
    assert_eq!(running.end().0, Some(9));
}

#[tokio::test]
async fn strict_fails_after_a_request_to_an_endpoint_that_is_not_there() {
    let get = |path| (Method::GET, path);
    let unknown = [
        get("/v1/saml_connections"),
        get("/v1/misspelt/user_1"),
        get("/v1/misspelt/user_1"),
        // Going back to the seed between two tests does not hide them.
        (Method::POST, "/_emulate/reset"),
    ];
    let (code, stderr) = exec_while(&["--strict"], 0, &unknown).await;
    assert_eq!(code, Some(1), "{stderr}");
    for line in [
        "GET /v1/saml_connections (Backend API, requests: 1; Clerk has it)",
        "GET /v1/misspelt/user_1 (Backend API, requests: 2; nor has Clerk)",
    ] {
        assert!(stderr.contains(line), "{stderr}");
    }
    // The exit code of the command says more.
    let (code, stderr) = exec_while(&["--strict"], 7, &unknown).await;
    assert_eq!(code, Some(7), "{stderr}");
    assert!(stderr.contains("requests: 2; nor has Clerk"), "{stderr}");
    // Without the option, the log warns.
    let (code, stderr) = exec_while(&[], 0, &unknown).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stderr.contains("WARN") && stderr.contains("no endpoint GET /v1/misspelt/user_1"),
        "{stderr}"
    );
    let (code, stderr) = exec_while(&["--strict"], 0, &[get("/v1/users"), get("/nothing")]).await;
    assert_eq!(code, Some(0), "{stderr}");
}
