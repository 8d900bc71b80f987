//! The initial state in the browser.

use js_sys::JSON;
use leptos::prelude::document;

use super::{ELEMENT_ID, InitialState, json::from_json};
use crate::clerk_js::json::from_js;

/// Reads the state that the server left in the page.
pub(crate) fn read() -> InitialState {
    document()
        .get_element_by_id(ELEMENT_ID)
        .and_then(|element| element.text_content())
        .and_then(|json| JSON::parse(&json).ok())
        .map(|state| from_json(&from_js(&state)))
        .unwrap_or_default()
}
