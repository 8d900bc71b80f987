//! Calls of `window.Clerk`. The server has a twin of each function, so that the code above reads the same on both sides.

#[cfg(feature = "_browser")]
pub(crate) mod bindings;
#[cfg(feature = "_browser")]
pub(crate) mod browser;
#[cfg(feature = "_browser")]
mod email_link;
#[cfg(feature = "_browser")]
pub(crate) mod json;
#[cfg(feature = "_browser")]
mod resources;
#[cfg(not(feature = "_browser"))]
mod server;

#[cfg(all(feature = "hydrate", not(feature = "csr")))]
pub use browser::mount_without_hydration;

#[cfg(feature = "_browser")]
pub(crate) use browser::{
    follow_degraded, get_token, open, reverify, set_appearance, set_localization, sign_out,
};
#[cfg(feature = "_browser")]
pub(crate) use email_link::{EmailLinkFlow, start_email_link_flow};
#[cfg(feature = "_browser")]
pub(crate) use resources::{invoke, invoke_checkout, organizations_enabled, state};
#[cfg(not(feature = "_browser"))]
pub(crate) use server::{
    EmailLinkFlow, follow_degraded, get_token, invoke, invoke_checkout, open, organizations_enabled,
    reverify, set_appearance, set_localization, sign_out, start_email_link_flow,
};

use serde_json::Value;

use crate::{clerk_api_error::ClerkApiError, json::Json, props::Props};

/// Where a resource is, from `window.Clerk`: `["client", "signIn"]` for `window.Clerk.client.signIn`.
pub(crate) type Path = &'static [&'static str];

/// What a method of a resource is called with.
#[cfg_attr(
    not(feature = "_browser"),
    expect(dead_code, reason = "only the browser calls methods")
)]
pub(crate) enum Argument {
    None,
    Props(Props),
    Json(Json),
}

/// Calls a method of a resource, and reads what it resolves to.
pub(crate) fn invoke_and_read<T>(
    path: Path,
    method: &str,
    argument: Argument,
    read: fn(&Value) -> T,
) -> impl Future<Output = Result<T, ClerkApiError>> + Send + use<T> {
    let answer = invoke(path, method, argument);
    async move { Ok(read(&answer.await?)) }
}

/// How Clerk's dialog for a reverification ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "_browser"),
    expect(dead_code, reason = "only the browser has dialogs")
)]
pub(crate) enum Verification {
    Complete,
    Cancelled,
    /// It was not opened: nobody is signed in, or clerk-js is not loaded.
    NotStarted,
}
