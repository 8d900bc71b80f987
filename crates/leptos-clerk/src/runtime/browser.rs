//! Starting clerk-js and mounting its components.

use js_sys::Object;
use leptos::{html::Div, logging::warn, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsValue;

use super::{LoadSettings, Mounted, load};
use crate::{
    clerk_js::browser::{call, parse_object, report, set},
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

/// Mounts a component once clerk-js is ready and its place exists, and unmounts it with its owner.
///
/// Each mount has an element of its own in that place: Leptos may keep the place for a component of the next page,
/// which it mounts before this one is cleaned up.
pub(crate) fn mount(clerk: Clerk, component: Mounted, place: NodeRef<Div>) {
    Effect::new(move |_| {
        if clerk.status() != LoadStatus::Ready {
            return;
        }
        let Some(place) = place.get() else { return };
        let Ok(element) = document().create_element("div") else {
            return;
        };
        let name = component.name;
        report(place.append_child(&element));
        report(call(&["mount", name].concat(), &element, &props(&component)));
        let element = StoredValue::new_local(element);
        on_cleanup(move || {
            element.with_value(|element| {
                report(call(&["unmount", name].concat(), element, &JsValue::UNDEFINED));
                element.remove();
            });
        });
    });
}

fn props(component: &Mounted) -> Object {
    let object = parse_object(&component.raw);
    for (name, value) in &component.props {
        set(&object, name, value.as_str());
    }
    object
}
