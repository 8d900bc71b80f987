//! The decision whether a request is signed in, signed out, or has to go through a handshake first.

mod client;
mod decision;
mod error;
mod handshake;
mod machine;
mod outcome;
mod redirect;
mod refresh;
mod satellite;
mod set_cookie;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use client::BackendClient;
pub(crate) use decision::authenticate;
pub use error::AuthenticateError;
pub use redirect::Redirect;
pub use state::{Outcome, RequestState, Status};
