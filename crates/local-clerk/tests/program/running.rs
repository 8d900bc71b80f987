//! Waiting for a local Clerk, checking seeds, and a strict server.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    thread,
};

use serde_json::{Value, json};

use crate::{Running, TempDir, bare_program, error, output, program, start};

/// A port that is free now, and that nothing else is likely to take soon.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn wait(url: &str, seconds: &str) -> Command {
    let mut command = bare_program();
    command.args(["wait", "--url", url, "--timeout", seconds]);
    command
}

#[test]
fn waits_until_a_local_clerk_answers() {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    let (mut waiting, _stdout) = Running::spawn(&mut wait(&url, "60"));
    let refused = error(&mut wait(&url, "1"), 1);
    assert!(
        refused.contains(&url) && refused.contains("nothing listens"),
        "{refused}"
    );
    assert!(waiting.0.try_wait().unwrap().is_none(), "it still waits");
    let (_server, environment) = start(program().env("LOCAL_CLERK_ADDR", format!("127.0.0.1:{port}")));
    assert_eq!(waiting.end(), (Some(0), String::new()));
    // As a command of `exec` or an app does.
    output(
        bare_program()
            .arg("wait")
            .env("CLERK_API_URL", &environment["CLERK_API_URL"]),
    );
}

#[test]
fn something_else_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // It ends with the process of the test.
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 1024]);
            let _ =
                connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
    });
    let refused = error(&mut wait(&url, "1"), 1);
    assert!(refused.contains("something else"), "{refused}");
    // It receives neither the key nor the state.
    let refused = error(bare_program().args(["export", "--url", &url]), 1);
    assert!(refused.contains("something else"), "{refused}");
}

#[test]
fn a_strict_server_reports_unknown_endpoints_in_its_log_and_at_the_end() {
    for (options, code, level) in [(&["--strict"][..], 1, "ERROR"), (&[], 0, "WARN")] {
        let (mut running, environment) = start(program().args(options));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let url = format!("{}/v1/misspelt", environment["CLERK_API_URL"]);
        for _ in 0..2 {
            let answer = runtime.block_on(reqwest::get(&url)).unwrap();
            assert_eq!(answer.status(), 404);
        }
        running.signal("TERM");
        let (ended, stderr) = running.end();
        assert_eq!(ended, Some(code), "{stderr}");
        let logged = stderr
            .lines()
            .filter(|line| line.contains("no endpoint GET /v1/misspelt"));
        let logged: Vec<&str> = logged.collect();
        assert!(
            logged.len() == 1 && logged[0].contains(level),
            "once for each: {stderr}"
        );
        assert_eq!(
            stderr.contains("requests: 2; nor has Clerk"),
            code == 1,
            "{stderr}"
        );
    }
}

#[test]
fn the_default_seed_is_printed_and_in_the_documentation() {
    let seed = output(bare_program().arg("seed"));
    let documentation = include_str!("../../docs/local-clerk.md");
    assert!(documentation.ends_with(&format!("\n```toml\n{seed}```\n")));
    let directory = TempDir::new();
    let file = directory.file("seed.toml", &seed);
    let checked = output(bare_program().arg("check").arg(&file));
    assert_eq!(checked, format!("{}: ok\n", file.display()));
}

#[test]
fn seeds_are_checked_without_a_server() {
    let directory = TempDir::new();
    let good = directory.file(
        "good.toml",
        "[[users]]\nemail_addresses = [\"ada@example.com\"]\n",
    );
    let checked = output(bare_program().arg("check").arg(&good).current_dir(&directory.0));
    assert_eq!(checked, format!("{}: ok\n", good.display()));

    let unknown = directory.file("unknown.toml", "\n[setings]\n");
    let short = directory.file(
        "short.toml",
        "[[users]]\nemail_addresses = [\"ada@example.com\"]\npassword = \"secret\"\n\n\
         [[organizations]]\nname = \"Acme\"\nslug = \"Acme\"\nmembers = []\n",
    );
    let live = directory.file(
        "live.toml",
        "[keys]\nsecret_key = \"sk_live_0123456789abcdef0123456789abcdef\"\n",
    );
    let checked = bare_program()
        .arg("check")
        .args([&unknown, &good, &short, &live])
        .arg("none.toml")
        .current_dir(&directory.0)
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(1));
    let stderr = String::from_utf8(checked.stderr).unwrap();
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 5, "{stderr}");
    for (line, file, expected) in [
        (lines[0], "unknown.toml: line 2: ", "`setings`"),
        (lines[1], "short.toml: line 3: ", "users.password"),
        (lines[2], "short.toml: line 7: ", "organizations.slug"),
        (lines[3], "live.toml: ", "secret_key"),
        (lines[4], "none.toml: ", "No such file"),
    ] {
        assert!(line.contains(file) && line.contains(expected), "{line}");
    }
    assert!(!stderr.contains("\"secret\""), "{stderr}");
    let live = bare_program()
        .args(["check", "--instance=production"])
        .arg(&live)
        .status();
    assert!(live.unwrap().success());
    let left = std::fs::read_dir(&directory.0).unwrap().count();
    assert_eq!(left, 4, "no data file was created");
}

#[tokio::test]
async fn session_token_that_outgrows_a_cookie_is_in_the_log_once() {
    let directory = TempDir::new();
    let text = format!(
        "[settings]\nsession_token = {{ much = \"{}\" }}\n[[users]]\nid = \"user_ada\"\nemail_addresses = [\"ada@example.com\"]\n",
        "x".repeat(3_000)
    );
    let seed = directory.file("large-token.toml", &text);
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
    running.signal("TERM");
    let (_, log) = running.end();
    assert_eq!(log.matches("too long for a cookie").count(), 1, "{log}");
    assert!(log.contains("user_ada"), "{log}");
}
