use leptos::prelude::*;
use leptos_meta::Title;

use leptos_clerk::{SignOutButton, UserProfile, use_user};

use crate::components::{ApiCheck, Protected, SessionCard};

/// The signed-in user's own page.
#[component]
pub fn Profile() -> impl IntoView {
    view! {
        <Title text="Profile" />
        <Protected>
            <Account />
        </Protected>
    }
}

#[component]
fn Account() -> impl IntoView {
    let user = use_user();
    let greeting = move || match user.get() {
        Some(user) => format!("Hello, {}.", user.display_name()),
        None => "Hello.".to_owned(),
    };
    let email = move || user.with(|user| user.as_ref().and_then(|user| user.email_address.clone()));
    view! {
        <section class="page-head with-aside">
            <div>
                <h1>{greeting}</h1>
                <p class="lead">{email}</p>
                <SignOutButton class="button">"Sign out"</SignOutButton>
            </div>
            <SessionCard />
        </section>
        <UserProfile />
        <p class="without-scripts">"Changing your account needs JavaScript."</p>
        <ApiCheck />
    }
}
