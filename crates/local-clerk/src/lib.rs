//! The local Clerk: Clerk's Frontend and Backend API on a loopback port, for developing and testing.
//!
//! It is not Clerk. The unmodified clerk-js and Clerk's server SDKs talk to it as they would to the
//! real one, without an account and without a network. It is reached over HTTP only, like the real
//! one: nothing of the app knows that it exists but the code that starts it.

mod backend_api;
mod clock;
mod consent;
mod dashboard;
mod domain;
mod environment;
mod error;
mod frontend_api;
mod http;
mod id;
mod keys;
mod model;
mod npm;
mod password;
mod routes;
mod seed;
mod start;
mod store;
mod view;
mod webhooks;

#[cfg(test)]
mod tests;

pub use keys::{Instance, Keys};
pub use start::{Config, Error, LocalClerk, start};
pub use store::Data;
