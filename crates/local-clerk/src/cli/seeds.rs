//! Checking seed files.

use std::path::PathBuf;

use local_clerk::{Instance, LocalClerk, StartError};

use super::Failure;

/// Checks each file, and fails with all mistakes.
pub(super) async fn check(instance: Instance, seeds: &[PathBuf]) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for seed in seeds {
        let name = seed.display();
        let builder = LocalClerk::builder().instance(instance).seed_file(seed);
        match builder.check_seed().await {
            Ok(()) => println!("{name}: ok"),
            Err(errors) => mistakes.extend(errors.into_iter().map(|error| match error {
                StartError::Seed { reason, .. } => format!("{name}: {reason}"),
                error => format!("{name}: {error}"),
            })),
        }
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(mistakes.join("\n").into())
}
