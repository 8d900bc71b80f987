use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_clerk::{use_clerk, use_user};

#[cfg(feature = "ssr")]
use crate::server::account::outcome_of_plain_form;
use crate::{
    account::{SaveColorScheme, color_scheme},
    api_client::{self, Form},
};

/// The browser keeps the text that the server has rendered.
#[cfg(not(feature = "ssr"))]
const fn outcome_of_plain_form() -> &'static str {
    ""
}

/// Lets the user choose how pages look, which is stored in their public metadata. Works without JavaScript.
#[component]
pub fn ColorSchemeForm() -> impl IntoView {
    let clerk = use_clerk();
    let outcome = RwSignal::new(outcome_of_plain_form().to_owned());
    let chosen = use_user().with_untracked(|user| user.as_ref().and_then(color_scheme));
    let option = |value: &'static str, name: &'static str| {
        let is_chosen = chosen.unwrap_or("system") == value;
        view! { <option value=value selected=is_chosen>{name}</option> }
    };
    let save = move |event: SubmitEvent| {
        let form = Form::of(&event);
        spawn_local(async move {
            let saved = api_client::submit(clerk, form).await;
            outcome.set(match saved {
                Ok(()) => "Saved.".to_owned(),
                Err(error) => error.to_string(),
            });
            // The page follows the user's metadata.
            _ = clerk.reload_user().await;
        });
    };
    view! {
        <section class="card account-card" aria-labelledby="color-scheme-title">
            <div>
                <h2 id="color-scheme-title">"Colors"</h2>
                <p>"Stored in your public metadata, so it applies on all of your devices."</p>
            </div>
            <form method="post" action=SaveColorScheme::url() on:submit=save>
                <p role="status">{outcome}</p>
                <select name="color_scheme" aria-labelledby="color-scheme-title">
                    {option("system", "As on this device")} {option("light", "Light")} {option("dark", "Dark")}
                </select>
                <button class="button">"Apply"</button>
            </form>
        </section>
    }
}
