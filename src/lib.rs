//! A full-stack Leptos app with Clerk authentication.
//!
//! [`pages`] and [`components`] are what visitors see, on the server and in the browser; `server` is the axum server
//! around them, and `config` reads its configuration from the environment.

mod api_client;
pub mod app;
pub mod components;
#[cfg(feature = "ssr")]
pub mod config;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

/// Hydrates the page that the server rendered.
#[cfg(feature = "hydrate")]
// The export that wasm-bindgen generates is unsafe.
#[allow(unsafe_code)]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
