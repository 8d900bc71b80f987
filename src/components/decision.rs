use leptos::prelude::*;
use leptos_clerk::{Auth, use_auth};

/// Says whether the visitor is signed in.
#[component]
pub fn Decision() -> impl IntoView {
    let auth = use_auth();
    let signed_in = move || auth.with(Auth::is_signed_in);
    let text = move || match signed_in() {
        true => "Signed in",
        false => "Signed out",
    };
    view! { <p class="state" class:on=signed_in>{text}</p> }
}
