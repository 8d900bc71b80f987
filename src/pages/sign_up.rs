use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::Placeholder;

/// Clerk's sign-up form, whose steps are paths below `/sign-up`.
#[component]
pub fn SignUp() -> impl IntoView {
    view! {
        <Title text="Sign up" />
        <section class="form-page">
            <h1 class="visually-hidden">"Sign up"</h1>
            <leptos_clerk::SignUp path="/sign-up" fallback=Placeholder />
            <p class="without-scripts">"Signing up needs JavaScript."</p>
        </section>
    }
}
