use leptos::prelude::*;

use crate::clerk_js::use_auth;

/// What the caller's [`Auth`](crate::auth::Auth) says: decided on the server, followed in the browser.
#[component]
pub fn SessionCard() -> impl IntoView {
    let auth = use_auth();
    let row = move |name: &'static str, value: fn(&crate::auth::Auth) -> Option<String>| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{move || auth.with(value).unwrap_or_else(|| "none".to_owned())}</dd>
            </div>
        }
    };
    view! {
        <section class="card session-card" aria-labelledby="session-card-title">
            <h2 id="session-card-title">"Decided on the server"</h2>
            <p class="state" class:on=move || auth.with(|auth| auth.is_signed_in())>
                {move || if auth.with(|auth| auth.is_signed_in()) { "Signed in" } else { "Signed out" }}
            </p>
            <dl>
                {row("User", |auth| auth.user_id.clone())}
                {row("Session", |auth| auth.session_id.clone())}
                {row("Organization", |auth| auth.org_slug.clone().or_else(|| auth.org_id.clone()))}
                {row("Role", |auth| auth.org_role.clone())}
            </dl>
        </section>
    }
}
