use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    clerk_js::{SignOutButton, UserProfile, use_user},
    components::{Protected, SessionCard},
};

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
    let name = move || user.with(|user| user.as_ref().map(|user| format!(", {}", user.display_name())));
    let email = move || user.with(|user| user.as_ref().and_then(|user| user.email_address.clone()));
    view! {
        <section class="page-head with-aside">
            <div>
                <h1>"Hello"{name}"."</h1>
                <p class="lead">{email}</p>
                <SignOutButton class="button">"Sign out"</SignOutButton>
            </div>
            <SessionCard />
        </section>
        <UserProfile />
        <p class="without-scripts">"Changing your account needs JavaScript."</p>
    }
}
