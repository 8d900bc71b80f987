//! The server from the outside: requests through the whole router, with a stub of Clerk's APIs on loopback and
//! session tokens signed by a key of the test run, or with a local Clerk.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod api;
mod configuration;
mod crash_recovery;
mod csrf;
mod environment;
mod handshake;
mod headers;
#[cfg(feature = "local-clerk")]
mod local_clerk;
mod pages;
mod proxy;
mod serving;
mod sessions;
mod startup_errors;
mod static_files;
mod support;
mod webhooks;
