//! The error of a server function that needs a fresh factor, as the official `isReverificationHint` reads it.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use leptos_clerk::{ClerkServerError, Reverification, ReverificationLevel};
use serde_json::Value;

#[test]
fn the_official_package_recognizes_reverifications_and_nothing_else() {
    let errors = [
        ClerkServerError::Reverification(Reverification::strict()),
        ClerkServerError::Reverification(Reverification::strict_mfa()),
        ClerkServerError::Reverification(Reverification::new(ReverificationLevel::FirstFactor, 5)),
        ClerkServerError::Forbidden,
        ClerkServerError::SignedOut,
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut oracle = Command::new("node")
        .arg(root.join("tests/differential/reverification.mjs"))
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node is needed for the oracle: {error}"));
    let lines: String = errors
        .iter()
        .map(|error| serde_json::to_string(error).unwrap() + "\n")
        .collect();
    let mut input = oracle.stdin.take().unwrap();
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    let output = String::from_utf8(oracle.wait_with_output().unwrap().stdout).unwrap();
    let recognized: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let expected: Vec<Value> = errors
        .iter()
        .map(|error| match error {
            ClerkServerError::Reverification(reverification) => serde_json::to_value(reverification).unwrap(),
            _ => Value::Null,
        })
        .collect();
    assert_eq!(recognized, expected);
}
