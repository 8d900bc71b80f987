//! The program itself: what it prints if it cannot start.

use std::{
    fs,
    net::TcpListener,
    process::{Command, Output},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::TempDir;

/// Starts the program and returns its exit code and standard error.
fn start(directory: &TempDir, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    start_with(&[], directory, variables)
}

fn start_with(arguments: &[&str], directory: &TempDir, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = output_of(arguments, directory, variables);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn output_of(arguments: &[&str], directory: &TempDir, variables: &[(&str, &str)]) -> Output {
    let publishable_key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
    Command::new(env!("CARGO_BIN_EXE_leptos-with-clerk"))
        .args(arguments)
        .current_dir(directory.path())
        .env_clear()
        .env("CLERK_PUBLISHABLE_KEY", publishable_key)
        .env("CLERK_SECRET_KEY", "sk_test_0123456789")
        .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
        .env("LOCAL_CLERK_ADDR", "127.0.0.1:0")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_malformed_env_file_is_reported_in_one_line_by_its_line_number() {
    let directory = TempDir::new();
    fs::write(directory.path().join(".env"), "# keys\nCLERK_JWT_KEY \"secret\n").unwrap();
    let (code, stderr) = start(&directory, &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with(".env line 2 "), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(!stderr.contains("secret"), "{stderr}");
}

#[test]
fn an_unreadable_env_file_is_reported_in_one_line() {
    let directory = TempDir::new();
    fs::create_dir(directory.path().join(".env")).unwrap();
    let (code, stderr) = start(&directory, &[]);
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with(".env "), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn a_port_in_use_is_reported_in_one_line() {
    let directory = TempDir::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let (code, stderr) = start(
        &directory,
        &[("LEPTOS_SITE_ADDR", &addr), ("SESSION_STORE", "memory")],
    );
    assert_eq!(code, Some(1));
    assert!(
        stderr.starts_with(&format!("LEPTOS_SITE_ADDR {addr} is in use")),
        "{stderr}"
    );
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn an_unusable_session_store_is_reported_in_one_line() {
    let directory = TempDir::new();
    fs::write(directory.path().join("file"), "").unwrap();
    for (store, expected) in [
        (
            "sqlite:file/sessions.sqlite",
            "SESSION_STORE: the directory file cannot be created",
        ),
        ("sqlite:.", "SESSION_STORE: . cannot be opened"),
        (
            "redis://:hunter2@127.0.0.1:1/0",
            "SESSION_STORE: Redis at 127.0.0.1:1 cannot be used",
        ),
        (
            "postgres://app:hunter2@127.0.0.1:1/app",
            "SESSION_STORE: PostgreSQL at 127.0.0.1 cannot be used",
        ),
    ] {
        let (code, stderr) = start(&directory, &[("SESSION_STORE", store)]);
        assert_eq!(code, Some(1));
        assert!(stderr.starts_with(expected), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(!stderr.contains("hunter2"), "{stderr}");
    }
}

#[test]
fn all_mistakes_are_reported_and_the_program_does_not_start() {
    let directory = TempDir::new();
    let (code, stderr) = start(
        &directory,
        &[("APP_URL", "nonsense"), ("SESSION_STORE", "nonsense")],
    );
    assert_eq!(code, Some(1));
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
}

/// With this store the program ends in any case, so that a test of what comes before fails instead of waiting.
const UNUSABLE_STORE: (&str, &str) = ("SESSION_STORE", "sqlite:.");

#[cfg(all(
    feature = "local-clerk",
    any(debug_assertions, feature = "local-clerk-in-release")
))]
#[test]
fn without_keys_production_and_misspelt_keys_are_refused_before_anything_starts() {
    let no_keys = [
        ("CLERK_PUBLISHABLE_KEY", ""),
        ("CLERK_SECRET_KEY", ""),
        UNUSABLE_STORE,
    ];
    for (name, value) in [
        ("APP_URL", "https://app.example"),
        ("LEPTOS_ENV", "PROD"),
        ("CLERK_PUBLISHABEL_KEY", "pk_live_x"),
    ] {
        let directory = TempDir::new();
        let mut variables = no_keys.to_vec();
        variables.push((name, value));
        let (code, stderr) = start(&directory, &variables);
        assert_eq!(code, Some(1));
        assert!(stderr.starts_with(&format!("{name} is ")), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}

#[test]
fn misspelt_variables_of_the_app_are_warned_of() {
    let variables = [
        ("APP_URI", "x"),
        ("SESSION_SECERT", "x"),
        ("SESSION_MANAGER", "x"),
        UNUSABLE_STORE,
    ];
    let output = output_of(&[], &TempDir::new(), &variables);
    let log = String::from_utf8(output.stdout).unwrap();
    for name in ["APP_URI", "SESSION_SECERT"] {
        assert!(log.contains(&format!("{name} is not a known variable")), "{log}");
    }
    assert!(!log.contains("SESSION_MANAGER"), "{log}");
}

#[test]
fn an_unknown_argument_is_refused() {
    let (code, stderr) = start_with(&["serve"], &TempDir::new(), &[]);
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("unknown argument \"serve\""), "{stderr}");
}
