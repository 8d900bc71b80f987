//! The configuration, read once at startup and checked as a whole.

pub use app_server::{
    LogFormat,
    config::{
        ClerkSource, ConfigError, CspConfig, Environment, LocalClerkConfig, LocalData, LocalInstance,
        LocalWebhooks, SessionConfig, variables,
    },
};

use std::{net::SocketAddr, num::NonZeroU32};

use app_server::config::{
    Reader, read_app_url, read_leptos_options, read_limits, read_log_filter, read_log_format,
    read_metrics_addr, read_otlp_endpoint, read_rate_limit, read_trust,
};
use http_server::{Limits, TrustConfig};
use leptos::config::LeptosOptions;
use url::Url;

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
        let leptos = read_leptos_options(&mut reader);
        let app_url = read_app_url(&mut reader, leptos.site_addr);
        let session = SessionConfig::read(&mut reader);
        let limits = read_limits(&mut reader);
        let trust = read_trust(&mut reader, &app_url);
        let csp = CspConfig::read(&mut reader);
        let clerk = ClerkSource::read(&mut reader, &leptos, &app_url, &trust, has_local_clerk);
        let rate_limit = read_rate_limit(&mut reader);
        let metrics_addr = read_metrics_addr(&mut reader, leptos.site_addr);
        let otlp_endpoint = read_otlp_endpoint(&mut reader);
        let log_format = read_log_format(&mut reader);
        let watch = reader.text("LEPTOS_WATCH").is_some();
        let log = read_log_filter(&mut reader);

        match (clerk, reader.into_errors()) {
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
