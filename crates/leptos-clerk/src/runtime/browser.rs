//! Starting clerk-js and mounting its components.

use js_sys::Object;
use leptos::{html::Div, logging::warn, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::Element;

use super::{LoadSettings, Mounted, load};
use crate::{
    clerk_js::{
        bindings::MutationObserver,
        browser::{call, describe, report, set},
    },
    store::{Clerk, LoadStatus},
};

/// Loads clerk-js and has the store follow it, again for each retry. Clerk navigates through the router around the
/// caller.
pub(crate) fn start(clerk: Clerk, settings: LoadSettings) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let attempt = clerk.attempt.get();
        let (navigate, settings) = (navigate.clone(), settings.clone());
        spawn_local(async move {
            let status = match load::load(clerk, attempt, settings, navigate).await {
                Ok(()) => LoadStatus::Ready,
                Err(error) => {
                    warn!("Clerk could not be loaded: {error}");
                    clerk.settled.set(true);
                    LoadStatus::Failed
                }
            };
            clerk.status.set(status);
        });
    });
}

/// Runs a function once clerk-js is ready, if it ever is.
pub(crate) fn when_loaded(clerk: Clerk, run: impl Fn() + 'static) {
    Effect::new(move |_| {
        if clerk.status() == LoadStatus::Ready {
            untrack(&run);
        }
    });
}

/// Mounts a component once clerk-js is ready and its place exists, unless the inline script did, tells it of changes of its
/// properties, and unmounts it with its owner.
///
/// Each mount has an element of its own in that place: Leptos may keep the place for a component of the next page,
/// which it mounts before this one is cleaned up.
pub(crate) fn mount(clerk: Clerk, component: Mounted, place: NodeRef<Div>, is_empty: RwSignal<bool>) {
    let name = component.name;
    let mounted = StoredValue::new_local(None::<Element>);
    Effect::new(move |_| {
        if clerk.status() != LoadStatus::Ready {
            return;
        }
        let Some(place) = place.get() else { return };
        let props = component.props.to_object();
        let is_update = mounted.with_value(|element| {
            let Some(element) = element else { return false };
            let update = Object::new();
            set(&update, "node", element);
            set(&update, "props", &props);
            report(call("__internal_updateProps", &[&update]));
            true
        });
        if is_update {
            return;
        }
        let element = match mounted_early(&place) {
            Some(element) => element,
            None => {
                let Ok(element) = document().create_element("div") else {
                    return;
                };
                report(place.append_child(&element));
                if let Err(error) = call(&["mount", name].concat(), &[&element, &props]) {
                    element.remove();
                    warn!("Clerk: <{name}> is not shown: {}", describe(&error));
                    return;
                }
                element
            }
        };
        watch(&element, is_empty);
        mounted.set_value(Some(element));
    });
    on_cleanup(move || {
        mounted.with_value(|element| {
            if let Some(element) = element {
                report(call(&["unmount", name].concat(), &[element]));
                element.remove();
            }
        });
    });
}

/// Clears the signal once Clerk has rendered something into the element, which may have to be loaded first.
fn watch(element: &Element, is_empty: RwSignal<bool>) {
    if element.has_child_nodes() {
        is_empty.set(false);
        return;
    }
    let callback = Closure::once_into_js(move |_: JsValue, observer: MutationObserver| {
        observer.disconnect();
        is_empty.try_set(false);
    });
    let children = Object::new();
    set(&children, "childList", true);
    report(MutationObserver::new(&callback).observe(element, &children));
}

/// The element in which the inline script of `ClerkScripts` has mounted the component already, once.
#[cfg(not(feature = "csr"))]
fn mounted_early(place: &Element) -> Option<Element> {
    let element = place.query_selector("[data-clerk-early]").ok()??;
    report(element.remove_attribute("data-clerk-early"));
    Some(element)
}

/// There is no inline script.
#[cfg(feature = "csr")]
const fn mounted_early(_place: &Element) -> Option<Element> {
    None
}

/// Hydration keeps what the server rendered.
pub(crate) const fn server_props(_component: &Mounted) -> Option<&'static str> {
    None
}
