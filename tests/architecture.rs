//! The dependencies between the crates of the workspace.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// Each crate, and the crates of the workspace that it may depend on.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("clerk-auth", &[]),
    ("axum-clerk", &["clerk-auth"]),
    ("leptos-clerk", &["clerk-auth"]),
    ("local-clerk", &[]),
    ("http-server", &[]),
    ("session-stores", &[]),
    ("static-files", &[]),
    (
        "app-server",
        &["axum-clerk", "http-server", "session-stores", "static-files"],
    ),
    ("floor", &[]),
    (
        "leptos-with-clerk",
        &[
            "app-server",
            "axum-clerk",
            "clerk-auth",
            "http-server",
            "leptos-clerk",
            "local-clerk",
            "session-stores",
        ],
    ),
];

/// The packages of the workspace by name, as `cargo metadata` describes them.
fn packages() -> BTreeMap<String, Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| (package["name"].as_str().unwrap().to_owned(), package.clone()))
        .collect()
}

/// The dependencies on crates of the workspace, optional ones included. Dev-dependencies are left out: they are not
/// part of what users of a crate build.
fn dependencies<'a>(package: &'a Value, packages: &BTreeMap<String, Value>) -> Vec<&'a Value> {
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    dependencies
        .filter(|dependency| dependency["kind"] != "dev")
        .filter(|dependency| packages.contains_key(dependency["name"].as_str().unwrap()))
        .collect()
}

#[test]
fn crates_depend_only_on_the_crates_below_them() {
    let packages = packages();
    let names: Vec<&str> = packages.keys().map(String::as_str).collect();
    let mut known: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(
        names, known,
        "every crate of the workspace needs an entry in ALLOWED"
    );
    for (name, allowed) in ALLOWED {
        for dependency in dependencies(&packages[name], &packages) {
            let dependency = dependency["name"].as_str().unwrap();
            assert!(
                allowed.contains(&dependency),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn leptos_clerk_uses_only_the_plain_data_of_clerk_auth() {
    let packages = packages();
    let dependencies = dependencies(&packages["leptos-clerk"], &packages);
    assert_eq!(dependencies.len(), 1);
    assert_eq!(dependencies[0]["uses_default_features"], false);
    let features = dependencies[0]["features"].as_array().unwrap();
    assert!(
        !features.iter().any(|feature| feature == "backend"),
        "{features:?}"
    );
    let own_features = packages["leptos-clerk"]["features"].to_string();
    assert!(!own_features.contains("clerk-auth/backend"), "{own_features}");
}

#[test]
fn only_the_app_can_contain_the_local_clerk_and_only_on_request() {
    let packages = packages();
    let app = &packages["leptos-with-clerk"];
    let dependencies = dependencies(app, &packages);
    let local_clerk = dependencies
        .iter()
        .find(|dependency| dependency["name"] == "local-clerk")
        .unwrap();
    assert_eq!(local_clerk["optional"], true);
    assert!(app["features"].get("default").is_none());
}
