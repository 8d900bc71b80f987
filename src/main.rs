//! Reads the configuration, serves the app and stops in order.

mod local_clerk;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use axum_clerk::Options;
use leptos_with_clerk::{
    config::{ClerkSource, Config, ConfigError, Environment},
    server::Server,
};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

/// Rendering allocates often and from several threads, where the system's allocator waits for locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long requests in progress may take after the signal to stop.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    let standalone = match env::args().nth(1).as_deref() {
        None => false,
        Some("local-clerk") => true,
        Some(argument) => {
            eprintln!("unknown argument {argument:?}: settings are environment variables, see .env.example");
            return ExitCode::from(2);
        }
    };
    let config = match configure(standalone) {
        Ok(config) => config,
        Err(errors) => {
            for error in errors {
                eprintln!("{error}");
            }
            return ExitCode::FAILURE;
        }
    };
    let result = if standalone {
        local_clerk::serve_standalone(&config, stop_signal()).await
    } else {
        serve(&config).await
    };
    if let Err(error) = result {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Reads the configuration and sets up the log. A standalone local Clerk prints its environment to the standard
/// output, so its log goes to the standard error.
fn configure(standalone: bool) -> Result<Config, Vec<ConfigError>> {
    let environment = Environment::load(Path::new("."))?;
    let config = Config::read(&environment, local_clerk::AVAILABLE)?;
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log));
    if standalone {
        log.with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .init();
    } else {
        log.with_ansi(io::stdout().is_terminal()).init();
    }
    for name in environment.unknown() {
        tracing::warn!("{name} is not a known variable; check its spelling against .env.example");
    }
    Ok(config)
}

async fn serve(config: &Config) -> Result<(), Box<dyn Error>> {
    let (options, local_clerk) = match &config.clerk {
        ClerkSource::Instance(options) => (Options::clone(options), None),
        ClerkSource::Local(local, options) => {
            let local_clerk = local_clerk::start(local, Some(config)).await?;
            (local_clerk.complete(Options::clone(options))?, Some(local_clerk))
        }
    };
    let server = Server::build(config, options).await?;
    let listener = listen(config).await?;
    println!("ready on {}", config.app_url.as_str().trim_end_matches('/'));

    let served = tokio::select! {
        served = server.serve(listener, stop_signal()) => served,
        () = async { stop_signal().await; tokio::time::sleep(GRACE_PERIOD).await } => {
            tracing::warn!("stopped before all requests were answered");
            Ok(())
        }
    };
    if let Some(local_clerk) = local_clerk {
        local_clerk.shutdown().await;
    }
    Ok(served?)
}

async fn listen(config: &Config) -> Result<TcpListener, String> {
    let addr = config.leptos.site_addr;
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "LEPTOS_SITE_ADDR {addr} is in use: stop the program that listens there, or set another port"
        ),
        _ => format!("LEPTOS_SITE_ADDR {addr} cannot be listened on: {error}"),
    })
}

/// Resolves when the process is asked to stop: Ctrl-C, or SIGTERM from a service manager.
async fn stop_signal() {
    let terminate = async {
        #[cfg(unix)]
        if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
            terminate.recv().await;
            return;
        }
        std::future::pending().await
    };
    tokio::select! {
        Ok(()) = signal::ctrl_c() => {}
        () = terminate => {}
    }
}
