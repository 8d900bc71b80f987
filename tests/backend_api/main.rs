//! The client of the Backend API: every call against what the contract allows as a reply, the resources against a local
//! Clerk, and its webhooks.
#![cfg(all(feature = "ssr", feature = "local-clerk"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failing test may panic")]

mod calls;
mod check_clerk;
#[path = "../../examples/check_clerk/checks.rs"]
mod checks;
mod contract;
mod generated;
mod instance;
mod machines;
mod oauth_tokens;
mod operations;
mod organizations;
mod replies;
mod retries;
mod sessions;
mod support;
mod users;
mod webhooks;
