use leptos::prelude::*;

use crate::{show::show, store::use_clerk};

/// Shows its children to signed-in visitors only.
///
/// It only decides what is shown: data must be protected where it is served.
#[component]
pub fn SignedIn<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    show(Memo::new(move |_| clerk.is_signed_in()), children)
}

/// Shows its children to signed-out visitors only.
#[component]
pub fn SignedOut<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    show(Memo::new(move |_| !clerk.is_signed_in()), children)
}
