use leptos::prelude::*;
use leptos_clerk::{OrganizationSwitcher, SignOutButton, UserProfile, use_clerk, use_user};
use leptos_meta::Title;

use crate::components::{ApiCheck, ColorSchemeForm, Devices, Placeholder, SessionCard};

/// The signed-in user's own page, protected by [`PROTECTED`](crate::app::PROTECTED).
#[component]
pub fn Profile() -> impl IntoView {
    let clerk = use_clerk();
    let user = use_user();
    let greeting = move || match user.get() {
        Some(user) => format!("Hello, {}.", user.display_name()),
        None => "Hello.".to_owned(),
    };
    let email = move || user.with(|user| user.as_ref().and_then(|user| user.email_address.clone()));
    let switcher = move || {
        clerk
            .organizations_enabled()
            .then(|| view! { <OrganizationSwitcher /> })
    };
    view! {
        <Title text="Profile" />
        <section class="page-head with-aside">
            <div>
                <h1>{greeting}</h1>
                <p class="lead">{email}</p>
                <div class="account-actions">
                    <SignOutButton class="button">"Sign out"</SignOutButton>
                    {switcher}
                </div>
            </div>
            <SessionCard />
        </section>
        <UserProfile path="/profile" fallback=Placeholder />
        <p class="without-scripts">"Changing your account needs JavaScript."</p>
        <ColorSchemeForm />
        <Devices />
        <ApiCheck />
    }
}
