use leptos::prelude::*;

use crate::{show::show, store::use_clerk};

/// Shows its children to signed-in visitors only.
///
/// It only decides what is shown: data must be protected where it is served.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    show(
        Memo::new(move |_| clerk.is_signed_in()),
        Box::new(move || children()),
    )
}

/// Shows its children to signed-out visitors only.
#[component]
pub fn SignedOut(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    show(
        Memo::new(move |_| !clerk.is_signed_in()),
        Box::new(move || children()),
    )
}
