//! The program `local-clerk`: serves a local Clerk until it is asked to stop, alone or beside a command, and talks to one
//! that runs.

mod cli;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use cli::Cli;
use tracing_subscriber::EnvFilter;

/// The exit code for wrong arguments, by convention.
const USAGE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprintln!("{}", cli::one_line(&error));
            return ExitCode::from(USAGE);
        }
        // Help and version are errors to clap.
        Err(help) => help.exit(),
    };
    // The standard output is for the environment.
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(cli.default_log_filter()));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    cli.run().await.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}
