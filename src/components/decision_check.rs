use leptos::{prelude::*, task::spawn_local};

use crate::api_client;

/// Asks the server again, and shows its decision with the reason.
#[component]
pub fn DecisionCheck() -> impl IntoView {
    let answer = RwSignal::new(String::new());
    let ask = move |_| {
        spawn_local(async move {
            let (Ok(text) | Err(text)) = api_client::decision().await;
            answer.set(text);
        });
    };
    view! {
        <div class="decision-check">
            <button type="button" class="button" on:click=ask>
                "Ask the server again"
            </button>
            <output>{answer}</output>
        </div>
    }
}
