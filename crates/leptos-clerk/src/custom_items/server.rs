//! The server leaves custom items to the browser.

use leptos::prelude::Owner;

use super::Item;

/// That there are items.
pub(crate) struct Apply;

pub(super) fn apply(_owner: Owner, _items: Vec<Item>) -> Apply {
    Apply
}
