//! Tries the read-only calls of the Backend API with the keys of the environment or of `.env`: `make check-clerk`.
//!
//! Prints what works, and never a key. Nothing is created, changed or deleted.

mod checks;

use std::{error::Error, path::Path, process::ExitCode};

use axum_clerk::{Clerk, Options};
use leptos_with_clerk::config::Environment;

use checks::{Outcome, check};

#[tokio::main]
async fn main() -> ExitCode {
    let clerk = match configure() {
        Ok(clerk) => clerk,
        Err(error) => {
            eprintln!(
                "{error}\n\nSet CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY, or write them into .env (.env.example)."
            );
            return ExitCode::from(2);
        }
    };
    println!("Read-only calls to {}\n", clerk.options().api_url);
    let rows = check(&clerk).await;
    for row in &rows {
        println!("{row}");
    }
    let failures = rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Failed(_)))
        .count();
    println!("\n{} calls, {failures} failed", rows.len());
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn configure() -> Result<Clerk, Box<dyn Error>> {
    let environment = Environment::load(Path::new(".")).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })?;
    let options = Options::from_vars(|name| environment.get(name).map(str::to_owned))?;
    Ok(Clerk::new(options)?)
}
