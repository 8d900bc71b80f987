//! The component that provides the store, and starts clerk-js.

#[cfg(feature = "csr")]
mod client_rendered;
#[cfg(not(feature = "csr"))]
mod server_rendered;

use clerk_auth::ProtectedPaths;
use leptos::prelude::provide_context;

#[cfg(feature = "csr")]
pub use client_rendered::ClerkProvider;
#[cfg(not(feature = "csr"))]
pub use server_rendered::ClerkProvider;

use crate::{
    guard,
    runtime::{self, LoadSettings},
    store::Clerk,
};

fn provide(clerk: Clerk, protected: ProtectedPaths, settings: LoadSettings) {
    provide_context(clerk);
    guard::protect(clerk, protected);
    runtime::start(clerk, settings);
}
