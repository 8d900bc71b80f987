use leptos::prelude::*;
use leptos_meta::Title;

/// Clerk's sign-in form, with its steps below `/sign-in`.
#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <section class="form-page">
            <h1 class="visually-hidden">"Sign in"</h1>
            <leptos_clerk::SignIn />
            <p class="without-scripts">"Signing in needs JavaScript."</p>
        </section>
    }
}
