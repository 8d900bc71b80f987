use leptos::prelude::*;
use leptos_clerk::{
    Auth, AuthCheck, ClerkDegraded, ClerkFailed, ClerkLoaded, ClerkLoading, RedirectToCreateOrganization,
    RedirectToOrganizationProfile, RedirectToSignIn, RedirectToSignUp, RedirectToTasks, RedirectToUserProfile,
    Show, When,
};

pub fn show() -> AnyView {
    let row = |name: &'static str, when: When| {
        view! {
            <dt>{name}</dt>
            <dd id=name>
                <Show when=when fallback=|| "no">"yes"</Show>
            </dd>
        }
    };
    view! {
        <dl>
            {row("signed-in", When::SignedIn)}
            {row("signed-out", When::SignedOut)}
            {row("role", When::role("org:admin"))}
            {row("permission", When::permission("org:sys_memberships:manage"))}
            {row("feature", When::feature("projects"))}
            {row("plan", When::plan("pro"))}
            {row("check", AuthCheck::role("org:admin").and_plan("pro").into())}
            {row("predicate", (|auth: &Auth| auth.org().is_some()).into())}
            <dt>"pending"</dt>
            <dd id="pending">
                <Show when=When::SignedIn treat_pending_as_signed_out=false fallback=|| "no">
                    "yes"
                </Show>
            </dd>
        </dl>
    }
    .into_any()
}

pub fn loading() -> AnyView {
    view! {
        <ClerkLoading>"loading"</ClerkLoading>
        <ClerkLoaded>"loaded"</ClerkLoaded>
        <ClerkFailed>"failed"</ClerkFailed>
        <ClerkDegraded>", degraded"</ClerkDegraded>
    }
    .into_any()
}

pub fn to_sign_in() -> AnyView {
    view! { <RedirectToSignIn /> }.into_any()
}

pub fn to_sign_up() -> AnyView {
    view! { <RedirectToSignUp redirect_url="/show" sign_up_force_redirect_url="/buttons" /> }.into_any()
}

pub fn to_tasks() -> AnyView {
    view! { <RedirectToTasks redirect_url="/show" /> }.into_any()
}

pub fn to_user_profile() -> AnyView {
    view! { <RedirectToUserProfile /> }.into_any()
}

pub fn to_organization_profile() -> AnyView {
    view! { <RedirectToOrganizationProfile /> }.into_any()
}

pub fn to_create_organization() -> AnyView {
    view! { <RedirectToCreateOrganization /> }.into_any()
}
