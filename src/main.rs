//! Reads the configuration, serves the app and stops in order.

mod local_clerk;
mod traces;

use std::{
    env,
    error::Error,
    future,
    io::{self, IsTerminal},
    net::SocketAddr,
    path::Path,
    process::ExitCode,
};

use axum_clerk::Options;
use http_server::Metrics;
use leptos_with_clerk::{
    config::{ClerkSource, Config, ConfigError, Environment, LogFormat},
    server::Server,
};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use self::traces::Traces;

/// Rendering allocates often and from several threads, where the system's allocator waits for locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    // Dropped at the end, which sends the last traces.
    let (config, _traces) = match configure(standalone) {
        Ok(configured) => configured,
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
fn configure(standalone: bool) -> Result<(Config, Traces), Vec<ConfigError>> {
    let environment = Environment::load(Path::new("."))?;
    let config = Config::read(&environment, local_clerk::AVAILABLE)?;
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&config.log));
    let traces = Traces::start(&config);
    match config.log_format {
        _ if standalone => log
            .with_writer(io::stderr)
            .with_ansi(io::stderr().is_terminal())
            .init(),
        LogFormat::Text => log
            .with_ansi(io::stdout().is_terminal())
            .finish()
            .with(traces.layer())
            .init(),
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .finish()
            .with(traces.layer())
            .init(),
    }
    for name in environment.unknown() {
        tracing::warn!("{name} is not a known variable; check its spelling against .env.example");
    }
    Ok((config, traces))
}

async fn serve(config: &Config) -> Result<(), Box<dyn Error>> {
    let (options, local_clerk) = match &config.clerk {
        ClerkSource::Instance(options) => (Options::clone(options), None),
        ClerkSource::Local(local, options) => {
            let local_clerk = local_clerk::start(local, Some(config)).await?;
            (local_clerk.complete(Options::clone(options))?, Some(local_clerk))
        }
    };
    let metrics = match config.metrics_addr {
        Some(addr) => Some((Metrics::record()?, listen("METRICS_ADDR", addr).await?)),
        None => None,
    };
    let server = Server::build(config, options).await?;
    let listener = listen("LEPTOS_SITE_ADDR", config.leptos.site_addr).await?;
    if let Some((metrics, listener)) = metrics {
        tracing::info!("metrics on http://{}/metrics", listener.local_addr()?);
        tokio::spawn(metrics.serve(listener, future::pending()));
    }
    let url = config.app_url.as_str().trim_end_matches('/');
    match config.log_format {
        LogFormat::Text => println!("ready on {url}"),
        LogFormat::Json => tracing::info!(url, addr = %listener.local_addr()?, "ready"),
    }

    server.serve(listener, stop_signal()).await;
    if let Some(local_clerk) = local_clerk {
        local_clerk.shutdown().await;
    }
    Ok(())
}

/// Listens on the address in a variable.
async fn listen(variable: &str, addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{variable} {addr} is in use: stop the program that listens there, or set another port")
        }
        _ => format!("{variable} {addr} cannot be listened on: {error}"),
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
        future::pending().await
    };
    tokio::select! {
        Ok(()) = signal::ctrl_c() => {}
        () = terminate => {}
    }
}
