//! The crate through its public API: requests through the layers, with session tokens signed by a key of the test
//! run and a stub of the Backend API on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod current_user;
mod error_pages;
mod extractors;
mod kept_forms;
mod layer;
mod log;
mod machine_tokens;
mod protection;
mod proxy;
mod support;
mod unavailable;
mod user_cache;
#[cfg(feature = "tower-sessions")]
mod user_snapshots;
mod webhook;
