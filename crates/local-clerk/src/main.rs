//! The program `local-clerk`: serves a local Clerk until it is asked to stop.

mod cli;

use std::{
    error::Error,
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use cli::Cli;
use tokio::signal;
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
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the environment of an app that uses the local Clerk, then `ready`, and serves until a signal to stop.
async fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let clerk = cli.into_builder().start().await?;
    for (name, value) in clerk.environment() {
        println!("{name}={value}");
    }
    println!("ready");
    stop_signal().await;
    clerk.shutdown().await;
    Ok(())
}

/// Resolves when the process is asked to stop: by Ctrl-C, or by SIGTERM from a service manager.
async fn stop_signal() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
