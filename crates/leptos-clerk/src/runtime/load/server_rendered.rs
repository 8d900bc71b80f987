//! Loading clerk-js in a page that the server rendered, where the inline script of `ClerkScripts` has started already.

use js_sys::Object;
use leptos_router::NavigateOptions;
use wasm_bindgen::JsCast;

use super::super::{LoadSettings, router::router_function};
use crate::{
    clerk_js::{
        bindings::boot,
        browser::{describe, set},
    },
    store::Clerk,
};

/// Hands the app's router to the inline script and waits for its load; a later attempt makes it load again.
pub(super) async fn load_clerk_js<N>(
    _clerk: Clerk,
    attempt: u32,
    _settings: LoadSettings,
    navigate: N,
) -> Result<(), String>
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    let boot = boot().ok_or("the page has no <ClerkScripts/>")?;
    let object: &Object = boot.unchecked_ref();
    set(object, "push", router_function(navigate.clone(), false));
    set(object, "replace", router_function(navigate, true));
    boot.load(attempt)
        .await
        .map(drop)
        .map_err(|error| describe(&error))
}
