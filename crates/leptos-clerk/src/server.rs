//! Authorization in pages and server functions.

mod client;
mod error;
#[cfg(not(feature = "_browser"))]
mod request;

pub use client::ClerkClient;
pub use error::ClerkServerError;
#[cfg(not(feature = "_browser"))]
pub use request::{auth, current_user, protect};
