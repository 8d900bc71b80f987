//! Loading clerk-js.

#[cfg(feature = "csr")]
mod client_rendered;
#[cfg(not(feature = "csr"))]
mod server_rendered;

#[cfg(feature = "csr")]
pub(crate) use client_rendered::frontend_api_url;
#[cfg(feature = "csr")]
use client_rendered::load_clerk_js;
#[cfg(not(feature = "csr"))]
use server_rendered::load_clerk_js;

use leptos_router::NavigateOptions;
use wasm_bindgen::closure::Closure;

use super::{LoadSettings, events::follow};
use crate::{
    clerk_js::{
        bindings::{self, Resources},
        browser::describe,
    },
    store::Clerk,
};

/// Brings clerk-js up and has the store follow it.
///
/// # Errors
///
/// What went wrong, for the console.
pub(super) async fn load<N>(
    clerk: Clerk,
    attempt: u32,
    settings: LoadSettings,
    navigate: N,
) -> Result<(), String>
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    load_clerk_js(clerk, attempt, settings, navigate).await?;
    let js = bindings::clerk().ok_or("its scripts did not load")?;
    let listener = Closure::<dyn Fn(Resources)>::new(move |resources| follow(clerk, &resources));
    js.add_listener(&listener).map_err(|error| describe(&error))?;
    // The listener stays for the life of the page.
    listener.forget();
    Ok(())
}
