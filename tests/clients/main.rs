//! Clerk's official Backend clients against the program: `@clerk/backend` and PyPI's `clerk-backend-api` call
//! `leptos-with-clerk local-clerk` by every method they have.
#![cfg(feature = "local-clerk")]
#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::{path::Path, process::Command};

/// Runs a script, which starts the program itself and stops it again.
fn run(interpreter: &Path, script: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let status = Command::new(interpreter)
        .arg(root.join("tests/clients").join(script))
        // Away from a developer's own .env.
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env("LOCAL_CLERK_PROGRAM", env!("CARGO_BIN_EXE_leptos-with-clerk"))
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
fn node() {
    run(Path::new("node"), "node/main.mjs");
}

#[test]
fn python() {
    let environment = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/python");
    run(&environment.join("bin/python"), "python/main.py");
}
