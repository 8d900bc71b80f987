use leptos::{prelude::*, task::spawn_local};
use leptos_clerk::{LoadStatus, use_clerk};

use crate::api_client;

/// Calls this app's API with a session token instead of cookies.
#[component]
pub fn ApiCheck() -> impl IntoView {
    let clerk = use_clerk();
    let answer = RwSignal::new(String::new());
    let call = move |_| {
        spawn_local(async move {
            let (Ok(text) | Err(text)) = api_client::get(clerk, "/api/me").await;
            answer.set(text);
        });
    };
    view! {
        <section class="card api-check" aria-labelledby="api-check-title">
            <div>
                <h2 id="api-check-title">"Call the API"</h2>
                <p>"With the session token as a bearer token, as a mobile app would."</p>
            </div>
            <button
                type="button"
                class="button"
                disabled=move || clerk.status() != LoadStatus::Ready
                on:click=call
            >
                "GET /api/me"
            </button>
            <output class:empty=move || answer.with(String::is_empty)>{answer}</output>
        </section>
    }
}
