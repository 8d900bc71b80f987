//! Exports, imports and snapshots on the command line, and the export at the end.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{
    Running, TempDir, addresses, bare_program, create_user, error, is_private, output, program, signals,
    start,
};

const DEMO: &str = "demo+clerk_test@example.com";
const ADA: &str = "ada@example.com";

/// A command for the local Clerk with this environment.
fn command(environment: &BTreeMap<String, String>, arguments: &[&str]) -> Command {
    let mut command = bare_program();
    command
        .args(arguments)
        .env("CLERK_API_URL", &environment["CLERK_API_URL"]);
    command
}

#[tokio::test]
async fn the_state_of_a_running_one_is_exported_and_imported() {
    let directory = TempDir::new();
    let file = directory.0.join("state.json");
    let path = file.to_str().unwrap();
    let (_running, environment) = start(&mut program());
    create_user(&environment, ADA).await;
    output(&mut command(&environment, &["export", path]));
    assert!(is_private(&file));
    let printed: Value = serde_json::from_str(&output(&mut command(&environment, &["export"]))).unwrap();
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(printed, written);

    let (_running, other) = start(&mut program());
    let counts = output(&mut command(&other, &["import", path]));
    let counts: Value = serde_json::from_str(&counts).unwrap();
    assert_eq!(counts["users"], 2);
    assert_eq!(addresses(&other).await, [ADA, DEMO]);

    fs::write(&file, "{}").unwrap();
    let refused = error(&mut command(&other, &["import", path]), 1);
    assert!(refused.contains("version"), "{refused}");
    let missing = error(&mut command(&other, &["import", "none.json"]), 1);
    assert!(missing.contains("none.json"), "{missing}");
    assert_eq!(addresses(&other).await.len(), 2);
}

#[tokio::test]
async fn snapshots_are_saved_and_restored() {
    let (_running, environment) = start(&mut program());
    let snapshot = |action, name| command(&environment, &["snapshot", action, name]);
    output(&mut snapshot("save", "before"));
    create_user(&environment, ADA).await;
    output(&mut snapshot("restore", "before"));
    assert_eq!(addresses(&environment).await, [DEMO]);
    let none = error(&mut snapshot("restore", "none"), 1);
    assert!(none.contains("none"), "{none}");
    let strange = error(&mut snapshot("save", "../reset"), 1);
    assert!(strange.contains("name must be"), "{strange}");
}

#[tokio::test]
async fn a_data_file_needs_no_running_one() {
    let directory = TempDir::new();
    let data = directory.0.join("data.sqlite");
    let on_file = |arguments: &[&str]| {
        let mut command = bare_program();
        command.args(arguments).arg("--data").arg(&data);
        command
    };
    let missing = error(&mut on_file(&["export"]), 1);
    assert!(missing.contains("no data file"), "{missing}");
    assert!(!data.exists());

    let (mut running, environment) = start(program().env("LOCAL_CLERK_DATA", &data));
    create_user(&environment, ADA).await;
    running.signal("TERM");
    assert_eq!(running.end().0, Some(0));

    let export = output(&mut on_file(&["export"]));
    let export = directory.file("state.json", &export);
    output(&mut on_file(&["snapshot", "save", "two"]));
    let (_running, other) = start(&mut program());
    output(&mut command(&other, &["import", export.to_str().unwrap()]));
    assert_eq!(addresses(&other).await, [ADA, DEMO]);

    // The keys stay, and so does the snapshot.
    let (mut running, again) = start(program().env("LOCAL_CLERK_DATA", &data));
    assert_eq!(again["CLERK_SECRET_KEY"], environment["CLERK_SECRET_KEY"]);
    create_user(&again, "bob@example.com").await;
    running.signal("TERM");
    running.end();
    output(&mut on_file(&["snapshot", "restore", "two"]));
    let (_running, last) = start(program().env("LOCAL_CLERK_DATA", &data));
    assert_eq!(addresses(&last).await, [ADA, DEMO]);
}

/// How many users an export has.
fn exported_users(file: &Path) -> usize {
    let state: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let documents = state["documents"].as_array().unwrap().iter();
    documents.filter(|document| document["kind"] == "user").count()
}

#[tokio::test]
async fn the_state_is_exported_at_the_end_whatever_the_signal() {
    let directory = TempDir::new();
    let file = directory.0.join("new/state.json");
    let mut expected = vec![DEMO.to_owned()];
    for (run, signal) in signals().into_iter().enumerate() {
        // The first run finds no file.
        let (mut running, environment) = start(
            program()
                .arg("--import")
                .arg(&file)
                .arg("--export-on-exit")
                .arg(&file),
        );
        assert_eq!(addresses(&environment).await, expected, "{signal}");
        let address = format!("user{run}@example.com");
        create_user(&environment, &address).await;
        expected.insert(0, address);
        // A second signal does not interrupt the export.
        running.signal(signal);
        running.signal(signal);
        let (code, stderr) = running.end();
        assert_eq!(code, Some(0), "{stderr}");
        assert_eq!(exported_users(&file), expected.len(), "{signal}");
        assert!(is_private(&file));
    }
    let left: Vec<_> = fs::read_dir(directory.0.join("new")).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file is left: {left:?}");
}

#[tokio::test]
async fn a_request_that_hangs_does_not_prevent_the_export() {
    let directory = TempDir::new();
    let file = directory.0.join("state.json");
    let (mut running, environment) = start(program().arg("--export-on-exit").arg(&file));
    let address = environment["CLERK_API_URL"].trim_start_matches("http://");
    // Half a request.
    let mut connection = std::net::TcpStream::connect(address).unwrap();
    let head = format!("POST /_emulate/import HTTP/1.1\r\nhost: {address}\r\ncontent-length: 9\r\n\r\n{{");
    std::io::Write::write_all(&mut connection, head.as_bytes()).unwrap();
    // By the time that this is answered, the earlier connection has been accepted.
    assert_eq!(addresses(&environment).await, [DEMO]);
    running.signal("TERM");
    running.signal("INT");
    let (code, stderr) = running.end();
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(exported_users(&file), 1);
}

#[test]
fn exec_exports_the_state_that_its_command_leaves() {
    let directory = TempDir::new();
    let file = directory.0.join("state.json");
    let program = env!("CARGO_BIN_EXE_local-clerk");
    let script = format!("{program} snapshot save here && {program} export > \"$EXPORTED\"; exit 3");
    let exported = directory.0.join("exported.json");
    let (mut running, _stdout) = Running::spawn(
        bare_program()
            .args(["exec", "--export-on-exit"])
            .arg(&file)
            .args(["--", "sh", "-c", &script])
            .env("EXPORTED", &exported),
    );
    let (code, stderr) = running.end();
    assert_eq!(code, Some(3), "{stderr}");
    assert_eq!(
        fs::read_to_string(file).unwrap(),
        fs::read_to_string(exported).unwrap()
    );
}
