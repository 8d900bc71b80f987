use leptos::prelude::*;

use crate::{
    show::show,
    store::{LoadStatus, use_clerk},
};

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
pub fn ClerkFailed(children: ChildrenFn) -> impl IntoView {
    let clerk = use_clerk();
    let has_failed = Memo::new(move |_| clerk.status() == LoadStatus::Failed);
    show(has_failed, Box::new(move || children()))
}
