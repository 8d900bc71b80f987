//! The configuration, read once at startup and checked as a whole.

mod environment;
mod error;
mod local_clerk;
mod session;
mod site;
mod source;

pub use self::{
    environment::{Environment, variables},
    error::ConfigError,
    local_clerk::{LocalClerkConfig, LocalData, LocalInstance, LocalWebhooks},
    session::{SessionConfig, StoreKind},
    source::ClerkSource,
};

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
    /// Where the program listens and where its files are.
    pub leptos: LeptosOptions,
    /// Whether `cargo leptos watch` started the program, so that pages connect to its reload port.
    pub watch: bool,
    /// The log filter, in the syntax of `RUST_LOG`.
    pub log: String,
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
        let clerk = ClerkSource::read(&mut reader, leptos.site_addr, has_local_clerk);
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
                leptos,
                watch,
                log,
            }),
            (_, errors) => Err(errors),
        }
    }
}
