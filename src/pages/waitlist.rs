use leptos::prelude::*;
use leptos_meta::Title;

use crate::clerk_js;

/// Where the sign-up form leads while nobody may sign up without being invited.
#[component]
pub fn Waitlist() -> impl IntoView {
    view! {
        <Title text="Waitlist" />
        <section class="form-page">
            <h1 class="visually-hidden">"Waitlist"</h1>
            <clerk_js::Waitlist />
            <p class="without-scripts">"Joining the waitlist needs JavaScript."</p>
        </section>
    }
}
