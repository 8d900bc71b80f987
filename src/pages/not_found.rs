use leptos::prelude::*;
use leptos_meta::Title;

/// The page for unknown paths, which the server sends with status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Page not found" />
        <section class="page-head">
            <p class="eyebrow">"404"</p>
            <h1>"Page not found"</h1>
            <p class="lead">"There is no page at this address."</p>
            <a href="/" class="button">"Back to the home page"</a>
        </section>
    }
}
