use leptos::{children::ViewFn, prelude::*};

use super::routing::routing;
use crate::{json::Json, mount::mount, runtime::Mounted, store::use_clerk};

/// Clerk's sign-up form.
///
/// Its steps are paths below the page that it stands on, whose route has to match them: `path!("/sign-up/:step?")`.
#[component]
pub fn SignUp(
    /// The path of the page that it stands on. Default: the sign-up URL of the options; where that is on another
    /// origin, the steps are in the fragment of the URL instead.
    #[prop(optional, into)]
    path: Option<String>,
    /// Further properties of [Clerk's component](https://clerk.com/docs/reference/components/authentication/sign-up). The
    /// props above win over it.
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let path = path.unwrap_or_else(|| use_clerk().options().sign_up_url.clone());
    let component = Mounted {
        name: "SignUp",
        element: "sign-up",
        props: routing(path),
        raw,
    };
    mount(component, fallback)
}
