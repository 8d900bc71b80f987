//! What is reported of the running program, and how often a client may do what is costly.

use std::{net::SocketAddr, num::NonZeroU32};

use url::Url;

use super::error::Reader;

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line, for programs.
    Json,
}

pub(super) fn log_format(reader: &mut Reader<'_>) -> LogFormat {
    let format = reader.parse_with("LOG_FORMAT", "`text` or `json`", |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    });
    format.unwrap_or_default()
}

/// Reads where the metrics are served: at an address of their own, because everybody who reaches it can read them.
pub(super) fn metrics_addr(reader: &mut Reader<'_>, site_addr: SocketAddr) -> Option<SocketAddr> {
    let addr: SocketAddr = reader.parse("METRICS_ADDR", "an address and port such as 127.0.0.1:9464")?;
    if addr == site_addr && addr.port() != 0 {
        reader.error(
            "METRICS_ADDR",
            format!("is {addr}, which is also LEPTOS_SITE_ADDR"),
            "choose another port",
        );
    }
    Some(addr)
}

/// Reads the collector that traces are sent to.
pub(super) fn otlp_endpoint(reader: &mut Reader<'_>) -> Option<Url> {
    const NAME: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let endpoint = reader.url(NAME, "http://localhost:4318")?;
    if !cfg!(feature = "otel") {
        reader.error(
            NAME,
            "is set, but this build sends no traces",
            "build it with the feature `otel`, or remove it",
        );
    }
    Some(endpoint)
}

/// Enough for an office behind one address, in which everybody signs in at the same time.
const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(300).unwrap();

/// Reads how many costly requests a client may send in a minute. `None` if there is no limit.
pub(super) fn rate_limit(reader: &mut Reader<'_>) -> Option<NonZeroU32> {
    const MAX: u32 = 1_000_000;
    let expected = "a number of requests a minute from 1 to 1000000, or `off`";
    let limit = reader.parse_with("APP_RATE_LIMIT", expected, |text| match text {
        "off" | "0" => Some(None),
        _ => Some(Some(
            text.parse().ok().filter(|rate: &NonZeroU32| rate.get() <= MAX)?,
        )),
    });
    limit.unwrap_or(Some(DEFAULT_RATE))
}
