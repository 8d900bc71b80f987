//! The place of one of Clerk's components in a page.

use leptos::{children::ViewFn, html::Div, prelude::*};

use crate::{
    runtime::{self, Mounted},
    show::show,
    store::{LoadStatus, use_clerk},
};

/// Renders an empty element, in which only Clerk writes, with the fallback beside it until clerk-js has loaded.
pub(crate) fn mount(component: Mounted, fallback: ViewFn) -> impl IntoView {
    let clerk = use_clerk();
    let place = NodeRef::<Div>::new();
    let element = component.element;
    let is_loading = Memo::new(move |_| clerk.status() == LoadStatus::Loading);
    runtime::mount(clerk, component, place);
    view! {
        <div data-clerk-component=element>
            <div node_ref=place></div>
            {show(is_loading, Box::new(move || fallback.run()))}
        </div>
    }
}
