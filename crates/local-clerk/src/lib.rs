//! The local Clerk: Clerk's Frontend and Backend API on a loopback port, for developing and testing.
//!
//! It is not Clerk. The unmodified clerk-js and Clerk's server SDKs talk to it as they would to the
//! real one, without an account and without a network. It is reached over HTTP only, like the real
//! one: nothing of the app knows that it exists but the code that starts it.

mod backend_api;
mod call;
mod errors;
mod frontend_api;
mod id;
mod identifiers;
mod images;
mod invitations;
mod jwt_templates;
mod keys;
mod mailbox;
mod model;
mod npm;
mod organizations;
mod page;
mod params;
mod password;
mod plans;
mod provider;
mod public_url;
mod recorder;
mod reply;
mod restrictions;
mod router;
mod seed;
mod settings;
mod social;
mod start;
mod store;
mod tasks;
mod tickets;
mod token;
mod view;
mod webhooks;

#[cfg(test)]
mod tests;

pub use keys::{Instance, Keys};
pub use start::{Config, Error, LocalClerk, start};
pub use store::Data;
