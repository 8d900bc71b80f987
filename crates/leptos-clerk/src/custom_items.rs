//! Pages, links and menu items that an app adds to Clerk's components.

#[cfg(feature = "_browser")]
mod browser;
mod components;
#[cfg(not(feature = "_browser"))]
mod server;

use std::fmt;

use leptos::{
    children::{ToChildren, ViewFn},
    prelude::*,
};

pub use components::{Action, Link, MenuItems, MenuLink, Page};

#[cfg(feature = "_browser")]
pub(crate) use browser::Apply;
#[cfg(feature = "_browser")]
use browser::apply;
#[cfg(not(feature = "_browser"))]
pub(crate) use server::Apply;
#[cfg(not(feature = "_browser"))]
use server::apply;

/// The children of Clerk's components that take custom pages, links and menu items. Those are the only children that
/// have an effect, and they are read once.
#[derive(Default)]
pub struct CustomItems(pub(crate) Option<Apply>);

impl fmt::Debug for CustomItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CustomItems").field(&self.0.is_some()).finish()
    }
}

impl<F, C> ToChildren<F> for CustomItems
where
    F: FnOnce() -> C,
{
    /// Runs the children, which render nothing: they register themselves in the context.
    fn to_children(children: F) -> Self {
        let owner = Owner::new();
        let items = owner.with(|| {
            let collected = Collected(StoredValue::new(Vec::new()));
            provide_context(collected);
            drop(children());
            collected.0.try_update_value(std::mem::take).unwrap_or_default()
        });
        Self(Some(apply(owner, items)))
    }
}

/// Where the children of one component register themselves.
#[derive(Clone, Copy)]
struct Collected(StoredValue<Vec<Item>>);

/// One page, link or menu item.
#[cfg_attr(
    not(feature = "_browser"),
    expect(dead_code, reason = "only the browser reads it")
)]
struct Item {
    /// The property of clerk-js that lists it: `customPages` or `customMenuItems`.
    list: &'static str,
    label: String,
    /// What distinguishes it: `("url", …)`, `("href", …)` or `("open", …)`.
    target: Option<(&'static str, String)>,
    on_click: Option<Callback<()>>,
    icon: Option<ViewFn>,
    page: Option<ViewFn>,
}

impl Item {
    const fn new(list: &'static str, label: String) -> Self {
        Self {
            list,
            label,
            target: None,
            on_click: None,
            icon: None,
            page: None,
        }
    }

    /// Adds the item to the component around it. Elsewhere there is nothing to add it to.
    fn register(self) {
        if let Some(Collected(items)) = use_context() {
            items.update_value(|items| items.push(self));
        } else {
            leptos::logging::warn!(
                "Clerk: the item {:?} is not inside of a component that takes it",
                self.label
            );
        }
    }
}
