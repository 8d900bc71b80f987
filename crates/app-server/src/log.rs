//! The log.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::Traces;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// Writes the log of the process to the standard output from now on, and makes traces of its spans. `filter` is in the syntax of
/// `RUST_LOG`.
///
/// # Panics
///
/// The process has a log already.
pub fn log_to_stdout(filter: &str, format: LogFormat, traces: &Traces) {
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter));
    match format {
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
}
