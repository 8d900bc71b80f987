//! The program itself: what it says when it cannot start.

use std::{
    env, fs,
    net::TcpListener,
    path::PathBuf,
    process::{self, Command},
};

use base64::{Engine, engine::general_purpose::STANDARD};

/// An empty working directory, gone with its owner.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("leptos-with-clerk-{name}-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A directory left behind harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The exit code and what was written to standard error.
fn start(directory: &Directory, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let publishable_key = format!("pk_test_{}", STANDARD.encode("app-1.clerk.accounts.dev$"));
    let output = Command::new(env!("CARGO_BIN_EXE_leptos-with-clerk"))
        .current_dir(&directory.0)
        .env_clear()
        .env("CLERK_PUBLISHABLE_KEY", publishable_key)
        .env("CLERK_SECRET_KEY", "sk_test_0123456789")
        .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_malformed_env_file_is_one_line_that_says_where() {
    let directory = Directory::new("malformed");
    fs::write(directory.0.join(".env"), "# keys\nCLERK_JWT_KEY \"secret\n").unwrap();
    let (code, said) = start(&directory, &[]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(".env line 2 "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn an_unreadable_env_file_is_one_line() {
    let directory = Directory::new("unreadable");
    fs::create_dir(directory.0.join(".env")).unwrap();
    let (code, said) = start(&directory, &[]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(".env "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_port_in_use_is_one_line() {
    let directory = Directory::new("port");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let (code, said) = start(
        &directory,
        &[("LEPTOS_SITE_ADDR", &addr), ("SESSION_STORE", "memory")],
    );
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with(&format!("LEPTOS_SITE_ADDR {addr} is in use")),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_place_that_cannot_hold_sessions_is_one_line() {
    let directory = Directory::new("store");
    fs::write(directory.0.join("file"), "").unwrap();
    for (store, expected) in [
        (
            "sqlite:file/sessions.sqlite",
            "SESSION_STORE: the directory file cannot be made",
        ),
        ("sqlite:.", "SESSION_STORE: . cannot be opened"),
    ] {
        let (code, said) = start(&directory, &[("SESSION_STORE", store)]);
        assert_eq!(code, Some(1));
        assert!(said.starts_with(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn all_mistakes_are_told_and_the_program_does_not_start() {
    let directory = Directory::new("mistakes");
    let (code, said) = start(
        &directory,
        &[("APP_URL", "nonsense"), ("SESSION_STORE", "nonsense")],
    );
    assert_eq!(code, Some(1));
    assert_eq!(said.lines().count(), 2, "{said}");
}
