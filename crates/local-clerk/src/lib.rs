#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod backend_api;
mod builder;
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
mod session;
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

pub use builder::LocalClerkBuilder;
pub use keys::{Instance, Keys};
pub use session::{SessionError, TestSession};
pub use start::{LocalClerk, StartError};
