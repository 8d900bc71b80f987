//! The two script tags of clerk-js.

#[cfg(feature = "csr")]
mod inserted;
#[cfg(not(feature = "csr"))]
mod rendered;

#[cfg(feature = "csr")]
pub(crate) use inserted::frontend_api_url;
#[cfg(feature = "csr")]
pub(super) use inserted::run;
#[cfg(not(feature = "csr"))]
pub(super) use rendered::run;

use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, HtmlScriptElement};

use crate::clerk_js::bindings;

/// A script tag by the attribute that marks it, and whether the script has run.
type Script = (&'static str, fn() -> bool);

const SCRIPTS: [Script; 2] = [
    ("data-clerk-ui-script", || bindings::clerk_ui().is_some()),
    ("data-clerk-js-script", || bindings::clerk().is_some()),
];

fn create() -> Option<HtmlScriptElement> {
    Some(document().create_element("script").ok()?.unchecked_into())
}

/// Adds a script tag to the page. The promise resolves once the script has run or failed to load.
fn insert(script: &HtmlScriptElement) -> Option<Promise> {
    document().head()?.append_child(script).ok()?;
    Some(first_event(script, &["load", "error"]))
}

/// Sets an attribute whose name is valid, which cannot fail.
fn set_attribute(script: &HtmlScriptElement, name: &str, value: &str) {
    let _ = script.set_attribute(name, value);
}

/// Resolves with the first of these events.
fn first_event(target: &EventTarget, names: &[&str]) -> Promise {
    Promise::new(&mut |resolve, _| {
        for name in names {
            let _ = target.add_event_listener_with_callback(name, &resolve);
        }
    })
}

async fn wait(promise: Promise) {
    let _ = JsFuture::from(promise).await;
}
