use leptos::prelude::*;
use leptos_clerk::{Localization, SignIn, use_clerk};

use super::Loading;

/// Changes the language and the looks of a form that is there already.
pub fn at_run_time() -> AnyView {
    let clerk = use_clerk();
    let arabic = move |_| {
        let texts = r#"{"signIn":{"start":{"title":"مرحبا"}}}"#;
        clerk.set_localization(Localization::texts("ar-SA", texts));
    };
    let german = move |_| {
        let texts = r#"{"signIn":{"start":{"title":"Willkommen"}}}"#;
        clerk.set_localization(Localization::texts("de-DE", texts));
    };
    let red = move |_| clerk.set_appearance(r#"{"elements":{"headerTitle":{"color":"rgb(200, 0, 0)"}}}"#);
    view! {
        <button on:click=arabic>"Arabic"</button>
        <button on:click=german>"German"</button>
        <button on:click=red>"Red"</button>
        <SignIn path="/set-localization" fallback=Loading />
    }
    .into_any()
}
