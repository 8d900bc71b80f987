//! A full-stack Leptos app with Clerk authentication.
//!
//! [`pages`] and [`components`] are what visitors see, on the server and in the browser; `server` is the axum server
//! around them, and `config` reads its configuration from the environment.

mod account;
mod api_client;
pub mod app;
pub mod components;
#[cfg(feature = "ssr")]
pub mod config;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "hydrate")]
mod hydration;
