//! What an axum server needs on the open internet, whatever it serves: limits for slow and greedy clients, a decision about
//! which proxies and hosts to believe, names for requests, and metrics.

#![warn(missing_docs)]

mod client;
mod limits;
mod log_throttle;
mod metrics;
mod rate_limiter;
mod request_ids;
mod serve;
mod trust;

pub use self::{
    client::Client,
    limits::Limits,
    log_throttle::LogThrottle,
    metrics::{Metrics, MetricsError, RequestMetrics},
    rate_limiter::RateLimiter,
    request_ids::{RequestIds, X_REQUEST_ID},
    serve::serve,
    trust::{AllowedHost, Trust, TrustConfig},
};
