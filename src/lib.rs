//! A full-stack Leptos app with Clerk authentication.
//!
//! The floors, from the ground up: [`auth`] (who is asking, plain data) carries the server half
//! (`clerk`, `server`) and the browser half ([`clerk_js`], [`components`], [`pages`], [`app`]).
//! `local_clerk` stands alone and is reached over HTTP, like the real Clerk.

pub mod app;
pub mod auth;
#[cfg(feature = "ssr")]
pub mod clerk;
pub mod clerk_js;
pub mod components;
#[cfg(feature = "local-clerk")]
pub mod local_clerk;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
// The export that wasm-bindgen generates is unsafe.
#[allow(unsafe_code)]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
