//! Calls of this app's own API from the browser. The server has a twin of each function, so that components compile on
//! both sides.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod server;

#[cfg(feature = "hydrate")]
pub(crate) use browser::{decision, get, refresh_session};
#[cfg(not(feature = "hydrate"))]
pub(crate) use server::{decision, get, refresh_session};
