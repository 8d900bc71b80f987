use leptos::{children::ViewFn, prelude::*};

use crate::{json::Json, mount::mount, runtime::Mounted};

/// Clerk's form to join the waitlist, for instances whose sign-up mode is the waitlist.
#[component]
pub fn Waitlist(
    /// Properties of [Clerk's component](https://clerk.com/docs/reference/components/authentication/waitlist).
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let component = Mounted {
        name: "Waitlist",
        element: "waitlist",
        props: Vec::new(),
        raw,
    };
    mount(component, fallback)
}
