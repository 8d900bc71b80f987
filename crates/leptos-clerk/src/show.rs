//! Conditional rendering. Unlike `<Show>`, it is compiled once and not for each use, which keeps the WebAssembly small.

use leptos::prelude::*;

/// Renders a view while the condition holds.
pub(crate) fn show(condition: Memo<bool>, view: Box<dyn Fn() -> AnyView + Send>) -> impl IntoView {
    move || condition.get().then(&view)
}
