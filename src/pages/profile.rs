mod devices;
mod preferences;

use leptos::prelude::*;
use leptos_clerk::{OrganizationSwitcher, SignOutButton, UserProfile, use_clerk, use_user};
use leptos_meta::Title;

pub use self::{devices::Device, preferences::Draft};

use self::{devices::Devices, preferences::PreferencesForm};
use crate::{
    components::{ApiCheck, Placeholder, SessionCard},
    preferences::{DEFAULT_GREETING, greeting},
};

/// The signed-in user's own page, protected by [`PROTECTED`](crate::app::PROTECTED).
#[component]
pub fn Profile() -> impl IntoView {
    let clerk = use_clerk();
    let user = use_user();
    let title = move || {
        user.with(|user| match user {
            Some(user) => {
                let greeting = greeting(user).unwrap_or(DEFAULT_GREETING);
                format!("{greeting}, {}.", user.display_name())
            }
            None => format!("{DEFAULT_GREETING}."),
        })
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
                <h1>{title}</h1>
                <p class="lead">{email}</p>
                <div class="account-actions">
                    <SignOutButton class="button">"Sign out"</SignOutButton>
                    {switcher}
                </div>
            </div>
            <SessionCard />
        </section>
        <PreferencesForm />
        <UserProfile path="/profile" fallback=Placeholder />
        <p class="without-scripts">"Changing your account, and signing out on other devices, needs JavaScript."</p>
        <Devices />
        <ApiCheck />
    }
}
