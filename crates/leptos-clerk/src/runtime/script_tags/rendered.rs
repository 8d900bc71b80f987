//! Script tags that the server rendered.

use clerk_auth::ClientOptions;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{SCRIPTS, create, first_event, insert, set_attribute, wait};

/// Waits until both scripts have run or failed; after the first attempt, adds those that failed once more.
pub(in crate::runtime) async fn run(attempt: u32, _options: &ClientOptions) {
    if attempt == 0 {
        page_loaded().await;
        return;
    }
    for (marker, has_run) in SCRIPTS {
        if !has_run() {
            run_again(marker).await;
        }
    }
}

/// Waits until both scripts have run, at the latest until every script of the page has run or failed.
async fn page_loaded() {
    if SCRIPTS.iter().all(|(_, has_run)| has_run()) || document().ready_state() == "complete" {
        return;
    }
    wait(first_event(&window(), &["load"])).await;
}

async fn run_again(marker: &str) {
    let selector = ["script[", marker, "]"].concat();
    let Some(failed) = document().query_selector(&selector).ok().flatten() else {
        return;
    };
    let Some(script) = create() else { return };
    for name in failed.get_attribute_names() {
        if let Some(name) = name.as_string() {
            set_attribute(&script, &name, &failed.get_attribute(&name).unwrap_or_default());
        }
    }
    // Browsers hide the attribute and keep the property.
    script.set_nonce(&failed.unchecked_ref::<HtmlElement>().nonce());
    if let Some(outcome) = insert(&script) {
        wait(outcome).await;
    }
}
