//! The server from the outside: requests through the whole router, with a stub of Clerk's APIs on
//! loopback and tokens signed by a key of the test's own.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod api;
mod configuration;
mod handshake;
mod headers;
mod killed;
mod pages;
mod program;
mod proxy;
mod serving;
mod sessions;
mod static_files;
mod support;
mod webhooks;
