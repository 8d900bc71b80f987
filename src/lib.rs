//! A full-stack Leptos app with Clerk authentication.
//!
//! The floors, from the ground up: [`auth`] (who is asking, plain data) carries the server half
//! (`clerk`, `server`) and the browser half ([`clerk_js`], [`components`], [`pages`], [`app`]).
//! `local_clerk` stands alone and is reached over HTTP, like the real Clerk.

pub mod auth;
#[cfg(feature = "ssr")]
pub mod clerk;
#[cfg(feature = "local-clerk")]
pub mod local_clerk;
