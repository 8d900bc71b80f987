#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod account_portal;
mod backend_api;
mod builder;
mod changes;
mod clock;
mod consent;
mod dashboard;
mod domain;
mod emulate;
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
mod session;
mod start;
mod store;
mod view;
mod webauthn;
mod webhooks;

#[cfg(test)]
mod tests;

pub use builder::LocalClerkBuilder;
pub use keys::{Instance, Keys};
pub use session::{SessionError, TestSession};
pub use start::{ExportError, LocalClerk, StartError};
