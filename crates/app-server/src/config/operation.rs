//! What is reported of the running program, and how often a client may do what is costly.

use std::{net::SocketAddr, num::NonZeroU32};

use tracing_subscriber::EnvFilter;
use url::Url;

use super::Reader;
use crate::LogFormat;

/// The log filter if `RUST_LOG` is not set.
const DEFAULT_LOG: &str = "info";

/// Reads `RUST_LOG`, the log filter, by default `info`.
pub fn read_log_filter(reader: &mut Reader<'_>) -> String {
    let expected = "log directives such as `info,leptos_with_clerk=debug`";
    let filter = reader.parse_with("RUST_LOG", expected, |text| {
        EnvFilter::try_new(text).ok().map(|_| text.to_owned())
    });
    filter.unwrap_or_else(|| DEFAULT_LOG.to_owned())
}

/// Reads `LOG_FORMAT`, by default text.
pub fn read_log_format(reader: &mut Reader<'_>) -> LogFormat {
    let format = reader.parse_with("LOG_FORMAT", "`text` or `json`", |text| match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    });
    format.unwrap_or_default()
}

/// Reads `METRICS_ADDR`, where the metrics are served: at an address of their own, because everybody who reaches it can read them.
pub fn read_metrics_addr(reader: &mut Reader<'_>, site_addr: SocketAddr) -> Option<SocketAddr> {
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

/// Reads `OTEL_EXPORTER_OTLP_ENDPOINT`, the collector that traces are sent to. Without the feature `otel`, it is a mistake to set it.
pub fn read_otlp_endpoint(reader: &mut Reader<'_>) -> Option<Url> {
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

/// Reads `APP_RATE_LIMIT`, how many costly requests a client may send in a minute. `None` if there is no limit.
pub fn read_rate_limit(reader: &mut Reader<'_>) -> Option<NonZeroU32> {
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
