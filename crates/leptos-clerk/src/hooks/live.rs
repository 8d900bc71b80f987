//! Signals that follow a resource of clerk-js.

#[cfg(feature = "_browser")]
mod browser;
#[cfg(not(feature = "_browser"))]
mod server;

use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value;

#[cfg(feature = "_browser")]
use browser::follow;
#[cfg(not(feature = "_browser"))]
use server::follow;

use crate::{clerk_js::Path, store::Clerk};

/// A signal that starts with what the server knows, and then follows the resource.
pub(super) fn live<T>(clerk: Clerk, path: Path, initial: T, read: impl Fn(&Value) -> T + 'static) -> Signal<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let signal = RwSignal::new(initial);
    let update = move |value: &Value| {
        let new = read(value);
        // Nothing is rendered again for an equal value.
        if signal.try_with_untracked(|current| *current != new) == Some(true) {
            signal.set(new);
        }
    };
    follow(clerk, path, Rc::new(update));
    signal.into()
}
