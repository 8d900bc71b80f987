use leptos::prelude::*;

use crate::store::{Clerk, LoadStatus, use_clerk};

/// What [`SignInButton`] and [`SignUpButton`] do when clicked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonMode {
    /// Go to the sign-in or sign-up page.
    #[default]
    Redirect,
    /// Open Clerk's form in a dialog over the current page.
    Modal,
}

/// A link to the sign-in page, which can open the form in a dialog instead. Works without scripts.
#[component]
pub fn SignInButton(
    /// What a click does. Default: go to the sign-in page.
    #[prop(optional)]
    mode: ButtonMode,
    /// The CSS classes of the link.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let href = use_clerk().options().sign_in_url.clone();
    form_link(href, mode, Clerk::open_sign_in, class, children)
}

/// A link to the sign-up page, which can open the form in a dialog instead. Works without scripts.
#[component]
pub fn SignUpButton(
    /// What a click does. Default: go to the sign-up page.
    #[prop(optional)]
    mode: ButtonMode,
    /// The CSS classes of the link.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let href = use_clerk().options().sign_up_url.clone();
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

/// A button that signs out and goes to the `after_sign_out_url` of the provider. Disabled until clerk-js is ready.
#[component]
pub fn SignOutButton(
    /// The CSS classes of the button.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
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
