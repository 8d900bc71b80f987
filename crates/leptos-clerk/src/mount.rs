//! The place of one of Clerk's components in a page.

use leptos::{children::ViewFn, html::Div, prelude::*};

use crate::{
    runtime::{self, Mounted},
    store::use_clerk,
};

/// Renders an empty element, in which only Clerk writes, with the fallback beside it until Clerk has rendered something,
/// which it does not where it refuses. The server adds the properties, by which the inline script of `ClerkScripts` can
/// mount the component before hydration.
pub(crate) fn mount(component: Mounted, fallback: ViewFn) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let is_empty = RwSignal::new(true);
    let element = component.element;
    let props = runtime::server_props(&component);
    runtime::mount(use_clerk(), component, place, is_empty);
    view! {
        <div data-clerk-component=element data-clerk-props=props>
            <div node_ref=place></div>
            {move || is_empty.get().then(|| fallback.run())}
        </div>
    }
}
