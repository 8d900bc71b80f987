//! Content for the states of loading clerk-js.

use leptos::prelude::*;

use crate::{
    clerk_js,
    runtime::when_loaded,
    show::show,
    store::{LoadStatus, use_clerk},
};

/// Shows its children once clerk-js is loaded.
#[component]
pub fn ClerkLoaded<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    show(Memo::new(move |_| clerk.status() == LoadStatus::Ready), children)
}

/// Shows its children while clerk-js is loading, and therefore in what the server renders.
#[component]
pub fn ClerkLoading<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    show(
        Memo::new(move |_| clerk.status() == LoadStatus::Loading),
        children,
    )
}

/// Shows its children when clerk-js could not be loaded.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkFailed, use_clerk};
///
/// #[component]
/// fn LoadError() -> impl IntoView {
///     let clerk = use_clerk();
///     view! {
///         <ClerkFailed>
///             <p role="alert">"Sign-in could not be loaded."</p>
///             <button on:click=move |_| clerk.retry()>"Try again"</button>
///         </ClerkFailed>
///     }
/// }
/// ```
#[component]
pub fn ClerkFailed<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    let has_failed = Memo::new(move |_| clerk.status() == LoadStatus::Failed);
    show(has_failed, children)
}

/// Shows its children while clerk-js is loaded but cannot reach the Frontend API: what needs it may not work.
/// [`ClerkLoaded`] shows its children too.
#[component]
pub fn ClerkDegraded<C>(children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let clerk = use_clerk();
    let is_degraded = RwSignal::new(false);
    when_loaded(clerk, move || clerk_js::follow_degraded(is_degraded));
    show(Memo::new(move |_| is_degraded.get()), children)
}
