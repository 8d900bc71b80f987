//! The start of the app in the browser.

use std::panic;

use leptos::{mount::hydrate_from, prelude::document};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{Element, HtmlElement};

use crate::app::{App, FAILURE_ID, ROOT_ID};

/// Hydrates the page that the server rendered: what is inside of an element of its own, because browser extensions add theirs to
/// the `<body>`.
// The export that wasm-bindgen generates is unsafe.
#[allow(unsafe_code)]
#[wasm_bindgen]
pub fn hydrate() {
    panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        fall_back();
    }));
    let root = document().get_element_by_id(ROOT_ID);
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        hydrate_from(root, App).forget();
    }
}

/// Says that the page has stopped working, and has it work as far as it does without WebAssembly.
fn fall_back() {
    leptos_clerk::mount_without_hydration();
    if let Some(message) = document().get_element_by_id(FAILURE_ID) {
        show(&message);
    }
}

fn show(element: &Element) {
    // Fails for invalid names of attributes only.
    let _ = element.remove_attribute("hidden");
}
