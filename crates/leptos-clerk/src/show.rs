//! Conditional rendering.

use leptos::{children::TypedChildrenFn, prelude::*};

/// Renders children while the condition holds. They keep their type: in an `AnyView`, Leptos would compile more for each.
pub(crate) fn show<C>(condition: Memo<bool>, children: TypedChildrenFn<C>) -> impl IntoView
where
    C: IntoView + 'static,
{
    let children = children.into_inner();
    move || condition.get().then(|| children())
}
