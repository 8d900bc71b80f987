//! Random requests with API keys, machine-to-machine tokens, OAuth access tokens and session tokens, where random kinds of
//! token are accepted: decided as by the official package.

mod case;

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use clerk_auth::{Auth, Clerk, RequestState};
use serde_json::{Value, json};

use crate::{backend_api, outcome::timeless};
use case::{Case, Instance};

const REQUESTS: usize = 3_000;
const INSTANCES: usize = 24;
/// The number of mismatches that are shown.
const SHOWN: usize = 10;

/// How one side decides.
#[derive(Debug, PartialEq)]
struct Verdict {
    status: String,
    reason: String,
    message: String,
    machine: Value,
    user: Value,
    /// Whether it is not known who the caller is. The official package takes that for a negative answer.
    is_unavailable: bool,
}

impl Verdict {
    fn ours(state: &RequestState) -> Self {
        Self {
            status: state.status.as_str().to_owned(),
            reason: state.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
            message: timeless(state.message.as_deref().unwrap_or_default()),
            machine: state.auth.machine().map_or(Value::Null, |machine| json!(machine)),
            user: json!(state.auth.user_id()),
            is_unavailable: state.auth.retry_after().is_some(),
        }
    }

    /// What we have to decide, given the answer of the official package.
    fn expected(theirs: &Value, case: &Case) -> Self {
        let text = |name: &str| theirs[name].as_str().unwrap_or_default().to_owned();
        let mut verdict = Self {
            status: text("status"),
            reason: text("reason"),
            message: timeless(&text("message")),
            machine: theirs["machine"].clone(),
            user: theirs["user"].clone(),
            is_unavailable: false,
        };
        verdict.is_unavailable =
            verdict.message.contains("status=429") || verdict.message.contains("status=503");
        // The official package accepts a token that the Backend API calls revoked or expired.
        if case.is_ended && !verdict.machine.is_null() {
            verdict = Self {
                status: "signed-out".to_owned(),
                reason: "token-invalid".to_owned(),
                message: format!("{} (code=token-invalid, status=404)", case.unknown),
                machine: Value::Null,
                ..verdict
            };
        }
        verdict
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decides_about_the_tokens_of_programs_as_the_official_package() {
    let api_url = backend_api::start();
    let instances: Vec<Instance> = (0..INSTANCES)
        .map(|index| Instance::random(index, &api_url))
        .collect();
    let clerks: Vec<Clerk> = instances
        .iter()
        .map(|instance| Clerk::new(instance.options.clone()).unwrap())
        .collect();
    let cases: Vec<Case> = (0..REQUESTS).map(|id| Case::random(id, &instances)).collect();
    let lines = cases.iter().map(|case| format!("{}\n", case.line(&instances)));
    let answers = tokio::task::block_in_place(|| answers(lines.collect()));
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut mismatches = Vec::new();
    let mut ended = 0;
    for (case, theirs) in cases.iter().zip(&answers) {
        let request = case.request();
        let clerk = &clerks[case.instance];
        let state = clerk
            .authenticate_accepting(&request, &case.accepts)
            .await
            .unwrap();
        let (ours, expected) = (Verdict::ours(&state), Verdict::expected(theirs, case));
        if ours != expected {
            mismatches.push(format!(
                "{case:?}\n  ours   {ours:?}\n  theirs {expected:?}\n  {theirs}"
            ));
        }
        ended += usize::from(case.is_ended && !theirs["machine"].is_null());
        let kind = match &state.auth {
            Auth::Machine(machine) => machine.token_type().as_str(),
            auth if auth.is_signed_in() => "session_token",
            _ => "nobody",
        };
        *outcomes.entry(format!("{kind} {}", ours.reason)).or_default() += 1;
    }
    assert!(
        mismatches.is_empty(),
        "{} of {REQUESTS} decisions differ\n{}",
        mismatches.len(),
        mismatches[..mismatches.len().min(SHOWN)].join("\n")
    );
    println!("{outcomes:#?}, {ended} revoked or expired");
    // Fewer would mean that the requests no longer cover what they should.
    for outcome in [
        "api_key ",
        "m2m_token ",
        "oauth_token ",
        "session_token ",
        "nobody token-type-mismatch",
        "nobody No token in header",
        "nobody token-invalid",
        "nobody token-verification-failed",
        "nobody secret-key-invalid",
        "nobody unexpected-error",
    ] {
        assert!(
            outcomes.get(outcome).is_some_and(|count| *count >= 10),
            "{outcome:?}"
        );
    }
    assert!(ended >= 10);
}

/// The answers of the official package, in the order of the requests.
fn answers(lines: String) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut oracle = Command::new("node")
        .arg(root.join("tests/differential/machine_tokens.mjs"))
        .current_dir(root)
        .env("NODE_ENV", "test")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node is needed for the oracle: {error}"));
    let mut input = oracle.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = BufReader::new(oracle.stdout.take().unwrap()).lines();
    let answers = output
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    writer.join().unwrap();
    oracle.wait().unwrap();
    answers
}
