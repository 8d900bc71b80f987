//! Kills while states are written to files and read from them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{LocalClerk, TempDir, moment_within, program, seed};

const KILLS: usize = 6;
const USERS: usize = 200;

/// The addresses of the users in an exported state, which is complete.
fn addresses(state: &str) -> BTreeSet<String> {
    let state: Value = serde_json::from_str(state).expect("a complete file");
    let documents = state["documents"].as_array().unwrap().iter();
    let users = documents.filter(|document| document["kind"] == "user");
    users
        .map(|user| {
            user["body"]["email_addresses"][0]["value"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// The addresses of the users in a data file.
fn stored(data: &Path) -> BTreeSet<String> {
    let output = program(data)
        .args(["export", "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    addresses(&String::from_utf8(output.stdout).unwrap())
}

fn signal(local: &LocalClerk, name: &str) {
    let kill = Command::new("kill")
        .args(["-s", name, &local.0.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Starts a local Clerk with a seed of this name in memory, which is to write its state to a file at its end.
fn start_for_export(directory: &TempDir, name: &str, file: &str) -> LocalClerk {
    fs::write(directory.0.join("seed.toml"), seed(name, USERS)).unwrap();
    let arguments = [
        "--data",
        "memory",
        "--seed",
        "seed.toml",
        "--export-on-exit",
        file,
    ];
    let mut local = LocalClerk::spawn_with(&directory.0.join("unused.sqlite"), &arguments);
    local.environment();
    local
}

/// The addresses of the users of a seed.
fn seeded(name: &str) -> BTreeSet<String> {
    (0..USERS)
        .map(|number| format!("{name}.{number}@example.com"))
        .collect()
}

/// Exports the state of a seed to a file that has its name, and returns how long that takes.
fn export(directory: &TempDir, name: &str) -> Duration {
    let mut local = start_for_export(directory, name, name);
    let began = Instant::now();
    signal(&local, "TERM");
    local.0.wait().unwrap();
    began.elapsed()
}

/// Creates a data file with the state of a seed.
fn store(directory: &TempDir, name: &str) -> PathBuf {
    fs::write(directory.0.join("seed.toml"), seed(name, USERS)).unwrap();
    let data = directory.0.join(format!("{name}.sqlite"));
    LocalClerk::spawn_with(&data, &["--seed", "seed.toml"]).environment();
    data
}

fn read(file: &Path) -> BTreeSet<String> {
    addresses(&fs::read_to_string(file).unwrap())
}

#[test]
fn a_kill_at_the_end_leaves_the_previous_export_or_the_new_one() {
    let directory = TempDir::new();
    let time = export(&directory, "state");
    let file = directory.0.join("state");
    let mut before = read(&file);
    for kill in 0..KILLS {
        let name = format!("end{kill}");
        let mut local = start_for_export(&directory, &name, "state");
        signal(&local, "TERM");
        thread::sleep(moment_within(time));
        local.kill();
        let found = read(&file);
        assert!(found == before || found == seeded(&name), "{name}: {found:?}");
        before = found;
    }
}

#[test]
fn a_kill_of_the_export_command_leaves_the_previous_file_or_the_new_one() {
    let directory = TempDir::new();
    let data = ["one", "two"].map(|name| (seeded(name), store(&directory, name)));
    let file = directory.0.join("state.json");
    let export = |data: &Path| {
        let mut command = program(data);
        command.args(["export", "state.json", "--data"]).arg(data);
        command
    };
    let began = Instant::now();
    assert!(export(&data[0].1).status().unwrap().success());
    let time = began.elapsed();
    let mut before = read(&file);
    for kill in 0..KILLS {
        let (addresses, data) = &data[(kill + 1) % 2];
        let mut command = export(data).spawn().unwrap();
        thread::sleep(moment_within(time));
        command.kill().unwrap();
        command.wait().unwrap();
        let found = read(&file);
        assert!(found == before || found == *addresses, "{found:?}");
        before = found;
    }
}

#[test]
fn an_import_at_the_start_can_be_repeated_after_a_kill() {
    let directory = TempDir::new();
    let data = store(&directory, "before");
    for name in ["one", "two"] {
        export(&directory, name);
    }
    let began = Instant::now();
    LocalClerk::spawn_with(&data, &["--import", "two"]).environment();
    let time = began.elapsed();
    let mut before = stored(&data);
    assert_eq!(before, seeded("two"));
    for name in ["one", "two"].into_iter().cycle().take(KILLS) {
        let mut local = LocalClerk::spawn_with(&data, &["--import", name]);
        thread::sleep(moment_within(time));
        local.kill();
        let found = stored(&data);
        assert!(found == before || found == seeded(name), "{name}: {found:?}");
        LocalClerk::spawn_with(&data, &["--import", name]).environment();
        before = stored(&data);
        assert_eq!(before, seeded(name));
    }
}
