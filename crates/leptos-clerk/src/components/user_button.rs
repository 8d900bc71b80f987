use leptos::{children::ViewFn, prelude::*};

use crate::{json::Json, mount::mount, runtime::Mounted};

/// The signed-in user's picture, with a menu to manage the account and to sign out.
#[component]
pub fn UserButton(
    /// The page that manages the account. Default: none; the menu opens a dialog.
    #[prop(optional, into)]
    user_profile_url: Option<String>,
    /// Further properties of [Clerk's component](https://clerk.com/docs/reference/components/user/user-button). The
    /// props above win over it.
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let props = match user_profile_url {
        Some(url) => vec![
            ("userProfileMode", "navigation".to_owned()),
            ("userProfileUrl", url),
        ],
        None => Vec::new(),
    };
    let component = Mounted {
        name: "UserButton",
        element: "user-button",
        props,
        raw,
    };
    mount(component, fallback)
}
