use leptos::prelude::*;
use leptos_meta::Title;

use crate::clerk_js;

/// Clerk's sign-in form, with its steps below `/sign-in`.
#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <section class="form-page">
            <h1 class="visually-hidden">"Sign in"</h1>
            <clerk_js::SignIn />
            <p class="without-scripts">"Signing in needs JavaScript."</p>
        </section>
    }
}
