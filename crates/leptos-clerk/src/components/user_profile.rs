use leptos::{children::ViewFn, prelude::*};

use super::routing::routing;
use crate::{json::Json, mount::mount, runtime::Mounted};

/// Clerk's account pages, for the signed-in user.
#[component]
pub fn UserProfile(
    /// The path of the page that it stands on, whose route then has to match its pages too: `path!("/profile/:page?")`. Default:
    /// none; its pages are in the fragment of the URL.
    #[prop(optional, into)]
    path: String,
    /// Further properties of [Clerk's component](https://clerk.com/docs/reference/components/user/user-profile). The
    /// props above win over it.
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let component = Mounted {
        name: "UserProfile",
        element: "user-profile",
        props: routing(path),
        raw,
    };
    mount(component, fallback)
}
