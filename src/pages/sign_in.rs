use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::Placeholder;

/// Clerk's sign-in form, whose steps are paths below `/sign-in`.
#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <section class="form-page">
            <h1 class="visually-hidden">"Sign in"</h1>
            <leptos_clerk::SignIn path="/sign-in" fallback=Placeholder />
            <p class="without-scripts">"Signing in needs JavaScript."</p>
        </section>
    }
}
