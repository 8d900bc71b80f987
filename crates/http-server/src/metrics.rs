//! Metrics for Prometheus.

use std::time::Duration;

use axum::{
    Router,
    http::{Method, StatusCode, header},
    routing::get,
};
use metrics::{
    SharedString, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::{Limits, serve};

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const CONNECTIONS: &str = "http_connections";
const CONNECTIONS_FULL: &str = "http_connections_full_total";

/// Upper limits of the buckets in which durations are counted, in seconds.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// How often recorded durations are put into their buckets, so that they take no memory if nobody asks for them.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// The metrics of the process could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the metrics cannot be recorded: {0}")]
pub struct MetricsError(#[from] BuildError);

/// The metrics of the process, to be served at `/metrics` in the text format of Prometheus.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Records everything that is counted and measured through the crate [`metrics`] from now on. Until then, that costs
    /// next to nothing.
    ///
    /// # Errors
    ///
    /// The metrics are recorded already.
    pub fn record() -> Result<Self, MetricsError> {
        let handle = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)?
            .install_recorder()?;
        describe_counter!(REQUESTS, "Requests by route, method and status");
        describe_histogram!(DURATION, "Time until the head of the response, by route");
        describe_gauge!(CONNECTIONS, "Open connections");
        describe_counter!(
            CONNECTIONS_FULL,
            "Times that clients had to wait because all connections were in use"
        );
        gauge!(CONNECTIONS).set(0.0);
        counter!(CONNECTIONS_FULL).absolute(0);
        Ok(Self(handle))
    }

    /// Serves `/metrics` until `shutdown` resolves.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let render = {
            let handle = self.0.clone();
            async move || {
                (
                    [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
                    handle.render(),
                )
            }
        };
        let routes = Router::new().route("/metrics", get(render));
        let upkeep = async {
            let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
            loop {
                ticks.tick().await;
                self.0.run_upkeep();
            }
        };
        tokio::select! {
            () = serve(listener, routes, Limits::default(), shutdown) => {}
            () = upkeep => {}
        }
    }
}

/// Counts requests by the pattern of their route, so that paths which clients make up add nothing.
#[derive(Clone, Debug, Default)]
pub struct RequestMetrics(matchit::Router<SharedString>);

impl RequestMetrics {
    /// Distinguishes these routes, in the syntax of axum. All other paths together are the route `other`.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        let mut routes = matchit::Router::new();
        for pattern in patterns {
            if let Err(error) = routes.insert(pattern.clone(), SharedString::from(pattern.clone())) {
                tracing::debug!(%error, pattern, "a route is not counted on its own");
            }
        }
        Self(routes)
    }

    /// Returns the pattern of a path.
    pub fn route(&self, path: &str) -> SharedString {
        let found = self.0.at(path).ok().map(|found| found.value.clone());
        found.unwrap_or(SharedString::const_str("other"))
    }

    /// Counts an answered request.
    pub fn count(route: SharedString, method: &Method, status: StatusCode, duration: Duration) {
        let labels = [
            ("route", route.clone()),
            ("method", SharedString::const_str(method_label(method))),
            ("status", SharedString::from(status.as_u16().to_string())),
        ];
        counter!(REQUESTS, &labels).increment(1);
        histogram!(DURATION, "route" => route).record(duration);
    }
}

/// Clients may make up methods.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let known = KNOWN.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("other")
}

/// Counts a connection for as long as this exists.
#[derive(Debug)]
pub(crate) struct CountedConnection;

impl CountedConnection {
    pub(crate) fn open() -> Self {
        gauge!(CONNECTIONS).increment(1.0);
        Self
    }
}

impl Drop for CountedConnection {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1.0);
    }
}

pub(crate) fn count_full() {
    counter!(CONNECTIONS_FULL).increment(1);
}
