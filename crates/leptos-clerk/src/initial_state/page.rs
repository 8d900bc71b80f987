//! The initial state in the browser.

use leptos::prelude::document;

use super::{ELEMENT_ID, InitialState};

/// Reads the state that the server left in the page.
pub(crate) fn read() -> InitialState {
    document()
        .get_element_by_id(ELEMENT_ID)
        .and_then(|element| element.text_content())
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default()
}
