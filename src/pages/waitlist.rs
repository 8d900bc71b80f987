use leptos::prelude::*;
use leptos_meta::Title;

/// Where the sign-up form leads while nobody may sign up without being invited.
#[component]
pub fn Waitlist() -> impl IntoView {
    view! {
        <Title text="Waitlist" />
        <section class="form-page">
            <h1 class="visually-hidden">"Waitlist"</h1>
            <leptos_clerk::Waitlist />
            <p class="without-scripts">"Joining the waitlist needs JavaScript."</p>
        </section>
    }
}
