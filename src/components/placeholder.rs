use leptos::prelude::*;

/// Takes up the space of one of Clerk's components until it has loaded.
#[component]
pub fn Placeholder() -> impl IntoView {
    view! { <div class="clerk-placeholder" aria-hidden="true"></div> }
}
