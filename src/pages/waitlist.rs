use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::Placeholder;

/// Clerk's waitlist form, for instances whose sign-up mode is the waitlist.
#[component]
pub fn Waitlist() -> impl IntoView {
    view! {
        <Title text="Waitlist" />
        <section class="form-page">
            <h1 class="visually-hidden">"Waitlist"</h1>
            <leptos_clerk::Waitlist fallback=Placeholder />
            <p class="without-scripts">"Joining the waitlist needs JavaScript."</p>
        </section>
    }
}
