//! Loads clerk-js, keeps the store up to date with it, and mounts its components. The server has a twin of each function
//! that does nothing.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(feature = "_browser")]
mod events;
#[cfg(feature = "_browser")]
mod load;
#[cfg(any(feature = "csr", not(feature = "_browser")))]
mod load_options;
#[cfg(feature = "_browser")]
mod router;
#[cfg(not(feature = "_browser"))]
mod server;

#[cfg(feature = "_browser")]
pub(crate) use browser::{mount, server_props, start, when_loaded};
#[cfg(feature = "_browser")]
pub(crate) use events::follow_user;
#[cfg(feature = "csr")]
pub(crate) use load::frontend_api_url;
#[cfg(not(feature = "_browser"))]
pub(crate) use load_options::LoadOptions;
#[cfg(not(feature = "_browser"))]
pub(crate) use server::{follow_user, mount, server_props, start, when_loaded};

use crate::{clerk_options::ClerkOptions, json::Json, localization::Localization, props::Props};

/// What `Clerk.load` is told beside the options of the instance.
#[cfg_attr(
    all(feature = "hydrate", not(feature = "csr")),
    expect(dead_code, reason = "the inline script reads it from the page")
)]
#[derive(Clone, Default)]
pub(crate) struct LoadSettings {
    pub(crate) appearance: Json,
    pub(crate) localization: Option<Localization>,
    pub(crate) options: ClerkOptions,
    pub(crate) after_sign_out_url: String,
    pub(crate) raw: Json,
}

/// A component of Clerk's to mount.
pub(crate) struct Mounted {
    /// The name in the methods of clerk-js: `SignIn` for `mountSignIn`.
    #[cfg_attr(
        not(feature = "_browser"),
        expect(dead_code, reason = "only the browser reads it")
    )]
    pub(crate) name: &'static str,
    /// The name in the page: `sign-in`.
    pub(crate) element: &'static str,
    pub(crate) props: Props,
}
