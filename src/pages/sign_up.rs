use leptos::prelude::*;
use leptos_meta::Title;

/// Clerk's sign-up form, with its steps below `/sign-up`.
#[component]
pub fn SignUp() -> impl IntoView {
    view! {
        <Title text="Sign up" />
        <section class="form-page">
            <h1 class="visually-hidden">"Sign up"</h1>
            <leptos_clerk::SignUp />
            <p class="without-scripts">"Signing up needs JavaScript."</p>
        </section>
    }
}
