use leptos::prelude::*;
use leptos_clerk::{ClerkFailed, use_clerk};

/// Says that clerk-js could not be loaded, and offers to try again.
#[component]
pub fn LoadError() -> impl IntoView {
    let clerk = use_clerk();
    view! {
        <ClerkFailed>
            <div class="notice" role="alert">
                <p>"Sign-in could not be loaded. Check your connection, then try again."</p>
                <button type="button" class="button" on:click=move |_| clerk.retry()>
                    "Try again"
                </button>
            </div>
        </ClerkFailed>
    }
}
