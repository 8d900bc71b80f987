use clerk_auth::Auth;
use leptos::prelude::*;
use leptos_clerk::use_auth;

use super::Decision;

/// Shows the visitor's [`Auth`]: decided on the server, kept up to date in the browser.
#[component]
pub fn SessionCard() -> impl IntoView {
    let auth = use_auth();
    let row = move |name: &'static str, value: fn(&Auth) -> Option<String>| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{move || auth.with(value).unwrap_or_else(|| "none".to_owned())}</dd>
            </div>
        }
    };
    view! {
        <section class="card session-card" aria-labelledby="session-card-title">
            <header>
                <h2 id="session-card-title">"Decided on the server"</h2>
                <Decision />
            </header>
            <dl>
                {row("User", |auth| auth.user_id().map(str::to_owned))}
                {row("Session", |auth| auth.session_id().map(str::to_owned))}
                {row("Plan", plan)}
                {row("Organization", organization)}
            </dl>
        </section>
    }
}

/// The slug of the plan: the `pla` claim without its scope.
fn plan(auth: &Auth) -> Option<String> {
    let claim = auth.signed_in()?.session_claims.get("pla")?.as_str()?;
    Some(claim.rsplit(':').next().unwrap_or(claim).to_owned())
}

/// The slug of the active organization, or its id if it has none.
fn organization(auth: &Auth) -> Option<String> {
    auth.org().map(|org| org.slug.as_ref().unwrap_or(&org.id).clone())
}
