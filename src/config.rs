//! The configuration, read once at startup and checked as a whole.

mod csp;
mod environment;
mod error;
mod limits;
mod local_clerk;
mod operation;
mod session;
mod site;
mod source;
mod trust;

pub use self::{
    csp::CspConfig,
    environment::{Environment, variables},
    error::ConfigError,
    local_clerk::{LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks},
    operation::LogFormat,
    session::SessionConfig,
    source::ClerkSource,
};

use std::{net::SocketAddr, num::NonZeroU32};

use http_server::{Limits, TrustConfig};
use leptos::config::LeptosOptions;
use url::Url;

use self::error::Reader;

/// The log filter if `RUST_LOG` is not set.
const DEFAULT_LOG: &str = "info";

/// The configuration of the program.
#[derive(Clone, Debug)]
pub struct Config {
    /// The origin at which browsers reach the program.
    pub app_url: Url,
    /// Which Clerk instance to use.
    pub clerk: ClerkSource,
    /// Where the app keeps its sessions.
    pub session: SessionConfig,
    /// How much of the server a client may take.
    pub limits: Limits,
    /// Which reverse proxies are believed, and for which hosts requests are answered.
    pub trust: TrustConfig,
    /// How many costly requests a client may send in a minute, if there is a limit.
    pub rate_limit: Option<NonZeroU32>,
    /// Where the metrics are served, if they are.
    pub metrics_addr: Option<SocketAddr>,
    /// What is changed in the Content Security Policy.
    pub csp: CspConfig,
    /// The collector that OpenTelemetry traces are sent to by HTTP, if they are.
    pub otlp_endpoint: Option<Url>,
    /// Where the program listens and where its files are.
    pub leptos: LeptosOptions,
    /// Whether `cargo leptos watch` started the program, so that pages connect to its reload port.
    pub watch: bool,
    /// The log filter, in the syntax of `RUST_LOG`.
    pub log: String,
    /// The form of the log.
    pub log_format: LogFormat,
}

impl Config {
    /// Reads the variables. `has_local_clerk` says whether this build contains the local Clerk.
    ///
    /// # Errors
    ///
    /// Every mistake that can be found without the network.
    pub fn read(environment: &Environment, has_local_clerk: bool) -> Result<Self, Vec<ConfigError>> {
        let mut reader = Reader::new(environment);
        let leptos = site::leptos_options(&mut reader);
        let app_url = site::app_url(&mut reader, leptos.site_addr);
        let session = SessionConfig::read(&mut reader);
        let limits = limits::read(&mut reader);
        let trust = trust::read(&mut reader, &app_url);
        let csp = CspConfig::read(&mut reader);
        let clerk = ClerkSource::read(&mut reader, &leptos, &app_url, &trust, has_local_clerk);
        let rate_limit = operation::rate_limit(&mut reader);
        let metrics_addr = operation::metrics_addr(&mut reader, leptos.site_addr);
        let otlp_endpoint = operation::otlp_endpoint(&mut reader);
        let log_format = operation::log_format(&mut reader);
        let watch = reader.text("LEPTOS_WATCH").is_some();
        let log = reader
            .parse_with(
                "RUST_LOG",
                "log directives such as `info,leptos_with_clerk=debug`",
                |text| {
                    tracing_subscriber::EnvFilter::try_new(text)
                        .ok()
                        .map(|_| text.to_owned())
                },
            )
            .unwrap_or_else(|| DEFAULT_LOG.to_owned());

        match (clerk, reader.errors) {
            (Some(clerk), errors) if errors.is_empty() => Ok(Self {
                app_url,
                clerk,
                session,
                limits,
                trust,
                rate_limit,
                metrics_addr,
                csp,
                otlp_endpoint,
                leptos,
                watch,
                log,
                log_format,
            }),
            (_, errors) => Err(errors),
        }
    }
}
