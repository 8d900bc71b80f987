mod billing;
mod buttons;
mod changes;
mod control;
mod email_links;
mod hooks;
mod organizations;
mod payments;
mod user;

use leptos::prelude::*;
use leptos_clerk::{
    APIKeys, AuthenticateWithRedirectCallback, GoogleOneTap, SignIn, SignUp, TaskChooseOrganization,
    TaskResetPassword, TaskSetupMFA, Waitlist,
};
use leptos_router::hooks::use_params_map;

/// The pages, by their paths.
const PAGES: &[(&str, fn() -> AnyView)] = &[
    ("sign-in", || view! { <SignIn fallback=Loading /> }.into_any()),
    ("sign-up", || view! { <SignUp fallback=Loading /> }.into_any()),
    ("user-button", user::button),
    ("user-profile", user::profile),
    ("user-avatar", user::avatar),
    ("organization-switcher", organizations::switcher),
    ("organization-profile", organizations::profile),
    ("organization-list", organizations::list),
    ("create-organization", organizations::create),
    ("invite-members-button", organizations::invite),
    ("pricing-table", billing::pricing_table),
    ("checkout-button", billing::checkout),
    ("plan-details-button", billing::plan_details),
    ("subscription-details-button", billing::subscription_details),
    ("api-keys", || {
        view! { <APIKeys per_page=5 show_description=true fallback=Loading /> }.into_any()
    }),
    ("waitlist", || view! { <Waitlist fallback=Loading /> }.into_any()),
    ("google-one-tap", || view! { <GoogleOneTap /> }.into_any()),
    ("task-choose-organization", || {
        view! { <TaskChooseOrganization redirect_url_complete="/" fallback=Loading /> }.into_any()
    }),
    ("task-reset-password", || {
        view! { <TaskResetPassword redirect_url_complete="/" fallback=Loading /> }.into_any()
    }),
    ("task-setup-mfa", || {
        view! { <TaskSetupMFA redirect_url_complete="/" fallback=Loading /> }.into_any()
    }),
    ("sso-callback", || {
        view! { <AuthenticateWithRedirectCallback sign_up_fallback_redirect_url="/show" /> }.into_any()
    }),
    ("show", control::show),
    ("loading", control::loading),
    ("redirect-to-sign-in", control::to_sign_in),
    ("redirect-to-sign-up", control::to_sign_up),
    ("redirect-to-tasks", control::to_tasks),
    ("redirect-to-user-profile", control::to_user_profile),
    ("redirect-to-organization-profile", control::to_organization_profile),
    ("redirect-to-create-organization", control::to_create_organization),
    ("buttons", buttons::all),
    ("use-session", hooks::session),
    ("get-token", hooks::token),
    ("use-organization", hooks::organization),
    ("use-sign-in", hooks::sign_in),
    ("use-sign-up", hooks::sign_up),
    ("use-waitlist", hooks::waitlist),
    ("use-plans", hooks::plans),
    ("use-checkout", hooks::checkout),
    ("use-api-keys", hooks::api_keys),
    ("use-reverification", hooks::reverification),
    ("use-email-link", email_links::start),
    ("verify-email-link", email_links::verify),
    ("use-payments", payments::all),
    ("use-organization-creation-defaults", organizations::creation_defaults),
    ("clerk-client", hooks::clerk_client),
    ("set-localization", changes::at_run_time),
];

/// The list of all pages.
#[component]
pub fn Contents() -> impl IntoView {
    let links = PAGES.iter().map(|(path, _)| view! { <li><a href=format!("/{path}")>{*path}</a></li> });
    view! {
        <h1>"Gallery of leptos-clerk"</h1>
        <ul>{links.collect_view()}</ul>
    }
}

/// One page.
#[component]
pub fn Example() -> impl IntoView {
    let params = use_params_map();
    let component = Memo::new(move |_| params.with(|params| params.get("component")));
    move || {
        let page = PAGES.iter().find(|(path, _)| component.get().as_deref() == Some(path));
        page.map(|(_, page)| page())
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! { <p class="fallback">"Not here yet."</p> }
}
