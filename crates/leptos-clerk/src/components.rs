use leptos::prelude::*;

use super::{
    ButtonMode, Clerk, LoadStatus,
    mount::{Mount, MountedComponent},
    use_clerk,
};

/// Clerk's sign-in form. Its steps are paths below the page it stands on.
#[component]
pub fn SignIn(
    /// The path of the page it stands on.
    #[prop(default = "/sign-in")]
    path: &'static str,
) -> impl IntoView {
    view! { <Mount component=MountedComponent::SignIn path=path /> }
}

/// Clerk's sign-up form. Its steps are paths below the page it stands on.
#[component]
pub fn SignUp(
    /// The path of the page it stands on.
    #[prop(default = "/sign-up")]
    path: &'static str,
) -> impl IntoView {
    view! { <Mount component=MountedComponent::SignUp path=path /> }
}

/// The user's picture, with a menu to manage the account and sign out.
#[component]
pub fn UserButton(
    /// The page that manages the account.
    #[prop(default = "/profile")]
    path: &'static str,
) -> impl IntoView {
    view! { <Mount component=MountedComponent::UserButton path=path /> }
}

/// Clerk's account pages. Its pages are paths below the page it stands on.
#[component]
pub fn UserProfile(
    /// The path of the page it stands on.
    #[prop(default = "/profile")]
    path: &'static str,
) -> impl IntoView {
    view! { <Mount component=MountedComponent::UserProfile path=path /> }
}

/// The instance's plans, with checkout.
#[component]
pub fn PricingTable() -> impl IntoView {
    view! { <Mount component=MountedComponent::PricingTable /> }
}

/// Clerk's form to ask to be let in, of an instance whose sign-up mode is the waitlist.
#[component]
pub fn Waitlist() -> impl IntoView {
    view! { <Mount component=MountedComponent::Waitlist /> }
}

/// Shows its children to signed-in visitors only.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    view! { <Show when=move || clerk.is_signed_in()>{children()}</Show> }
}

/// Shows its children to signed-out visitors only.
#[component]
pub fn SignedOut(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    view! { <Show when=move || !clerk.is_signed_in()>{children()}</Show> }
}

/// A link to the sign-in page that can open the form over the page instead. Works without scripts.
#[component]
pub fn SignInButton(
    #[prop(optional)] mode: ButtonMode,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let href = use_clerk().options().sign_in_url;
    form_link(href, mode, Clerk::open_sign_in, class, children)
}

/// A link to the sign-up page that can open the form over the page instead. Works without scripts.
#[component]
pub fn SignUpButton(
    #[prop(optional)] mode: ButtonMode,
    #[prop(optional, into)] class: String,
    children: Children,
) -> impl IntoView {
    let href = use_clerk().options().sign_up_url;
    form_link(href, mode, Clerk::open_sign_up, class, children)
}

fn form_link(
    href: String,
    mode: ButtonMode,
    open: fn(Clerk) -> bool,
    class: String,
    children: Children,
) -> impl IntoView {
    let clerk = use_clerk();
    view! {
        <a
            class=class
            href=href
            on:click=move |event| {
                if mode == ButtonMode::Modal && open(clerk) {
                    event.prevent_default();
                }
            }
        >
            {children()}
        </a>
    }
}

/// Signs out and goes to the home page.
#[component]
pub fn SignOutButton(#[prop(optional, into)] class: String, children: Children) -> impl IntoView {
    let clerk = use_clerk();
    view! {
        <button
            type="button"
            class=class
            disabled=move || clerk.status() != LoadStatus::Ready
            on:click=move |_| clerk.sign_out()
        >
            {children()}
        </button>
    }
}

/// Says that clerk-js could not be loaded, and offers to try again.
#[component]
pub fn ClerkFailed() -> impl IntoView {
    let clerk = use_clerk();
    view! {
        <Show when=move || clerk.status() == LoadStatus::Failed>
            <div class="notice" role="alert">
                <p>"Sign-in could not be loaded. Check your connection, then try again."</p>
                <button type="button" class="button" on:click=move |_| clerk.retry()>
                    "Try again"
                </button>
            </div>
        </Show>
    }
}
