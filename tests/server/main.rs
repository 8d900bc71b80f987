//! The server from the outside: requests through the whole router, with a stub of Clerk's APIs on loopback and
//! session tokens signed by a key of the test run, or with a local Clerk.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

#[cfg(feature = "local-clerk")]
mod account;
mod api;
mod configuration;
mod csp;
mod csrf;
mod environment;
mod fails_closed;
mod handshake;
mod headers;
mod hosts;
mod http2;
#[cfg(feature = "local-clerk")]
mod local_clerk;
#[cfg(feature = "local-clerk")]
mod metrics;
mod pages;
mod paths;
#[cfg(feature = "local-clerk")]
mod plans;
mod proxy;
mod rate_limits;
mod request_log;
#[cfg(all(unix, feature = "local-clerk"))]
mod revocation;
mod search_engines;
mod serving;
mod session_store;
mod sessions;
mod slow_clients;
mod startup_errors;
mod static_files;
mod support;
mod trust;
mod webhooks;
