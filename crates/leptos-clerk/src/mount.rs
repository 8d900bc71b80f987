use leptos::{html, prelude::*};

use super::{LoadStatus, platform, use_clerk};

/// Clerk's components that this app places in its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MountedComponent {
    SignIn,
    SignUp,
    UserButton,
    UserProfile,
    PricingTable,
    Waitlist,
}

impl MountedComponent {
    /// The name in CSS and tests.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignUp => "sign-up",
            Self::UserButton => "user-button",
            Self::UserProfile => "user-profile",
            Self::PricingTable => "pricing-table",
            Self::Waitlist => "waitlist",
        }
    }
}

/// The place of one Clerk component: an empty element, in which only Clerk writes, and
/// a quiet placeholder of about its size beside it until it is there.
#[component]
pub(super) fn Mount(
    component: MountedComponent,
    /// Where the component's own pages are, for those that have some.
    #[prop(optional)]
    path: &'static str,
) -> impl IntoView {
    let clerk = use_clerk();
    let node = NodeRef::<html::Div>::new();
    platform::mount(clerk, component, path, node);
    view! {
        <div class="clerk" data-clerk-component=component.name()>
            <div class="clerk-mount" node_ref=node></div>
            <Show when=move || clerk.status() == LoadStatus::Loading>
                <div class="clerk-placeholder" aria-hidden="true"></div>
            </Show>
        </div>
    }
}
