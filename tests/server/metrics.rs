//! The metrics and the JSON log of the program itself, with a local Clerk in it.
#![cfg(all(
    feature = "local-clerk",
    any(debug_assertions, feature = "local-clerk-in-release")
))]

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use reqwest::{Client, Method};
use serde_json::Value;

use crate::support::TempDir;

/// The program, and what it says about itself when it is ready.
struct Program {
    child: Child,
    log: Lines<BufReader<ChildStdout>>,
    app: String,
    metrics: String,
    _directory: TempDir,
}

impl Program {
    /// Waits until it is ready, on free ports.
    fn start() -> Self {
        let directory = TempDir::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_leptos-with-clerk"))
            .current_dir(directory.path())
            .env_clear()
            .env("APP_RATE_LIMIT", "1")
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("LOCAL_CLERK", "on")
            .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
            .env("LOCAL_CLERK_DATA", "memory")
            .env("LOG_FORMAT", "json")
            .env("METRICS_ADDR", "127.0.0.1:0")
            .env("SESSION_STORE", "memory")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut metrics = String::new();
        let app = loop {
            let line = json(&log.next().expect("a line that says that it is ready").unwrap());
            let message = line["message"].as_str().unwrap();
            if let Some(url) = message.strip_prefix("metrics on ") {
                metrics = url.to_owned();
            }
            if message == "ready" {
                break format!("http://{}", line["addr"].as_str().unwrap());
            }
        };
        Self {
            child,
            log,
            app,
            metrics,
            _directory: directory,
        }
    }

    async fn send(&self, method: Method, path: &str) -> reqwest::Response {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        let request = client
            .build()
            .unwrap()
            .request(method, format!("{}{path}", self.app));
        let request = request
            .header("x-forwarded-for", "192.0.2.1")
            .header("host", "localhost");
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        self.send(Method::GET, path).await
    }

    async fn metrics(&self) -> String {
        let response = reqwest::get(&self.metrics).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4");
        response.text().await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The value of the series with this name and these labels.
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in\n{metrics}"))
        .parse()
        .unwrap()
}

/// The names of all series.
fn names(metrics: &str) -> BTreeSet<&str> {
    let samples = metrics
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    samples
        .map(|line| line.split(['{', ' ']).next().unwrap())
        .collect()
}

/// The names of series in the queries of the dashboard.
fn names_in_dashboard() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grafana-dashboard.json");
    let dashboard: Value = json(&fs::read_to_string(path).unwrap());
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let queries = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    let queries = queries.map(|query| query["expr"].as_str().unwrap());
    let words = queries.flat_map(|query| query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let is_name =
        |word: &&str| word.contains('_') && !["histogram_quantile", "__rate_interval"].contains(word);
    words.filter(is_name).map(str::to_owned).collect()
}

#[tokio::test]
async fn metrics_count_what_the_dashboard_shows() {
    let program = Program::start();
    for path in [
        "/readyz",
        "/",
        "/plans",
        "/made-up-1",
        "/made-up-2",
        "/sign-in",
        "/sign-in/factor-one",
    ] {
        program.get(path).await;
    }
    for _ in 0..2 {
        program.send(Method::POST, "/api/session/refresh").await;
    }
    program
        .send(Method::from_bytes(b"MADEUP").unwrap(), "/plans")
        .await;
    assert_eq!(program.get("/metrics").await.status(), 404);

    let metrics = program.metrics().await;
    for (series, count) in [
        (
            r#"http_requests_total{route="/readyz",method="GET",status="200"}"#,
            1.0,
        ),
        (
            r#"http_requests_total{route="/sign-in/{*step}",method="GET",status="200"}"#,
            1.0,
        ),
        (
            r#"http_requests_total{route="other",method="GET",status="404"}"#,
            3.0,
        ),
        (
            r#"http_requests_total{route="/api/session/refresh",method="POST",status="429"}"#,
            1.0,
        ),
        (r#"http_request_duration_seconds_count{route="other"}"#, 3.0),
        (r#"http_requests_refused_total{reason="too_many_requests"}"#, 2.0),
        ("session_store_errors_total", 0.0),
        ("sessions_created_total", 0.0),
        ("sessions_ended_total", 0.0),
    ] {
        assert_eq!(value(&metrics, series), count, "{series} in\n{metrics}");
    }
    // The signing keys, and perhaps the plans, which are fetched in the background.
    let calls = value(&metrics, r#"clerk_backend_api_requests_total{outcome="ok"}"#);
    assert!([1.0, 2.0].contains(&calls), "{metrics}");
    assert!(value(&metrics, "http_connections") >= 1.0, "{metrics}");
    assert!(metrics.contains(r#"method="other""#), "{metrics}");
    assert!(
        metrics.contains(r#"clerk_auth_decisions_total{status="signed-out","#),
        "{metrics}"
    );
    assert!(!metrics.contains("made-up"), "{metrics}");

    let names = names(&metrics);
    let shown = names_in_dashboard();
    assert!(shown.len() >= 8, "{shown:?}");
    for name in shown {
        assert!(names.contains(name.as_str()), "{name} in\n{metrics}");
    }
}

#[tokio::test]
async fn each_line_of_the_json_log_is_an_object_with_the_request() {
    let mut program = Program::start();
    let reply = program.get("/plans?secret=s3cr3t").await;
    let id = reply.headers()["x-request-id"].to_str().unwrap().to_owned();
    let line = program.log.find_map(|line| {
        let line = json(&line.unwrap());
        (line["message"] == "request answered").then_some(line)
    });
    let line = line.unwrap();
    assert!(!line.to_string().contains("s3cr3t"), "{line}");
    assert_eq!(
        (&line["level"], &line["status"]),
        (&"INFO".into(), &200.into()),
        "{line}"
    );
    assert!(line["elapsed_ms"].is_f64(), "{line}");
    let span = &line["spans"][0];
    assert_eq!(span["id"], id, "{line}");
    assert_eq!(span["method"], "GET", "{line}");
    assert_eq!(span["path"], "/plans", "{line}");
    assert_eq!(span["client"], "192.0.2.1", "{line}");
}
