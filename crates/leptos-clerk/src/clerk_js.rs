//! Calls of `window.Clerk`. The server has a twin of each function, so that the code above reads the same on both sides.

#[cfg(feature = "_browser")]
pub(crate) mod bindings;
#[cfg(feature = "_browser")]
pub(crate) mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

#[cfg(feature = "_browser")]
pub(crate) use browser::{get_token, open, sign_out};
#[cfg(not(feature = "_browser"))]
pub(crate) use server::{get_token, open, sign_out};
