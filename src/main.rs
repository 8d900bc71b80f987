//! Reads the configuration, serves the app and stops in order.

mod local_clerk;

use std::{env, error::Error, future, path::Path, process::ExitCode};

use app_server::{Traces, listen, log_to_stdout, stop_signal};
use axum_clerk::Options;
use http_server::Metrics;
use leptos_with_clerk::{
    config::{ClerkSource, Config, ConfigError, Environment, LogFormat},
    server::Server,
};

/// Rendering allocates often and from several threads, where the system's allocator waits for locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    if let Some(argument) = env::args().nth(1) {
        eprintln!("unknown argument {argument:?}: settings are environment variables, see .env.example");
        return ExitCode::from(2);
    }
    // Dropped at the end, which sends the last traces.
    let (config, _traces) = match configure() {
        Ok(configured) => configured,
        Err(errors) => {
            for error in errors {
                eprintln!("{error}");
            }
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = serve(&config).await {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Reads the configuration and sets up the log.
fn configure() -> Result<(Config, Traces), Vec<ConfigError>> {
    let environment = Environment::load(Path::new("."))?;
    let config = Config::read(&environment, local_clerk::AVAILABLE)?;
    let traces = Traces::start(config.otlp_endpoint.as_ref(), env!("CARGO_PKG_NAME"));
    log_to_stdout(&config.log, config.log_format, &traces);
    for name in environment.unknown() {
        tracing::warn!("{name} is not a known variable; check its spelling against .env.example");
    }
    Ok((config, traces))
}

async fn serve(config: &Config) -> Result<(), Box<dyn Error>> {
    let (options, local_clerk) = match &config.clerk {
        ClerkSource::Instance(options) => (Options::clone(options), None),
        ClerkSource::Local(local, options) => {
            let local_clerk = local_clerk::start(local, config).await?;
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
