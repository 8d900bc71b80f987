//! The component that provides the store, and starts clerk-js.

#[cfg(feature = "csr")]
mod client_rendered;
#[cfg(not(feature = "csr"))]
mod server_rendered;

use leptos::prelude::provide_context;

#[cfg(feature = "csr")]
pub use client_rendered::ClerkProvider;
#[cfg(not(feature = "csr"))]
pub use server_rendered::ClerkProvider;

use crate::{
    runtime::{self, LoadSettings},
    store::Clerk,
};

fn provide(clerk: Clerk, settings: LoadSettings) {
    provide_context(clerk);
    runtime::start(clerk, settings);
}
