//! Clerk's official clients of its Backend API against the program `local-clerk`: scripts for `@clerk/backend` (npm)
//! and `clerk-backend-api` (PyPI) call every method that the clients have. The scripts are in `tests/clients` at the
//! root of the workspace, where the npm packages are installed.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs a script, which starts and stops the program itself.
fn run(interpreter: &Path, script: &str) {
    let status = Command::new(interpreter)
        .arg(workspace().join("tests/clients").join(script))
        // Elsewhere, a developer's own .env file would be read.
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env("LOCAL_CLERK_BIN", env!("CARGO_BIN_EXE_local-clerk"))
        .status()
        .unwrap_or_else(|error| {
            panic!(
                "{} cannot be run (`make test` installs it): {error}",
                interpreter.display()
            )
        });
    assert!(status.success(), "{script}: {status}");
}

#[test]
fn npm_client() {
    run(Path::new("node"), "node/main.mjs");
}

#[test]
fn python_client() {
    run(&workspace().join(".tools/python/bin/python"), "python/main.py");
}
