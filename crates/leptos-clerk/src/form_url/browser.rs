//! The origin of the page.

use leptos::prelude::window;

pub(super) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
