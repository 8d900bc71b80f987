use leptos::{children::ViewFn, prelude::*};

use crate::{json::Json, mount::mount, runtime::Mounted};

/// The plans of the instance, with checkout.
#[component]
pub fn PricingTable(
    /// Properties of [Clerk's component](https://clerk.com/docs/reference/components/billing/pricing-table).
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let component = Mounted {
        name: "PricingTable",
        element: "pricing-table",
        props: Vec::new(),
        raw,
    };
    mount(component, fallback)
}
