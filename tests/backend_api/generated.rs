//! The generated files are those that the contract and the generator make.

use std::process::Command;

#[test]
fn calls_and_types_are_generated_from_the_contract() {
    let output = Command::new("node")
        .args(["scripts/backend-api/generate.mjs", "--check"])
        .output()
        .expect("node, which the other tests need too");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
