//! The browser's side: starting clerk-js, mounting, and the calls behind the buttons.

use js_sys::Object;
use leptos::{logging::warn, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlDivElement;

use super::{
    Clerk, InitialState, LoadStatus,
    bindings::{self, ClerkJs},
    load,
    mount::MountedComponent,
    use_clerk,
};

/// The values that the server left in the page.
pub(super) fn initial_state() -> InitialState {
    document()
        .get_element_by_id(InitialState::ELEMENT_ID)
        .and_then(|element| element.text_content())
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default()
}

/// Loads clerk-js and follows it from then on. Call it once, below the router, through which
/// Clerk's own navigation then goes.
pub fn start_clerk(appearance: &'static str) {
    let clerk = use_clerk();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let attempt = clerk.attempt.get();
        let navigate = navigate.clone();
        spawn_local(async move {
            let outcome = load::load(clerk, attempt, appearance, navigate).await;
            if let Err(error) = &outcome {
                warn!("Clerk could not be loaded: {error}");
            }
            clerk.status.set(match outcome {
                Ok(()) => LoadStatus::Ready,
                Err(_) => LoadStatus::Failed,
            });
        });
    });
}

/// Mounts a component once clerk-js is ready and its place exists, and unmounts it with its owner.
///
/// Each mount has an element of its own in that place: Leptos may keep the place for the component
/// of the next page, which it then mounts before this one is cleaned up.
pub(super) fn mount(
    clerk: Clerk,
    component: MountedComponent,
    path: &'static str,
    place: NodeRef<leptos::html::Div>,
) {
    Effect::new(move |_| {
        if clerk.status() != LoadStatus::Ready {
            return;
        }
        let (Some(js), Some(place)) = (bindings::clerk(), place.get()) else {
            return;
        };
        let Ok(element) = document().create_element("div") else {
            return;
        };
        let element: HtmlDivElement = element.unchecked_into();
        report(place.append_child(&element));
        report(component.mount(&js, &element, &component.props(path)));
        let element = StoredValue::new_local(element);
        on_cleanup(move || {
            element.with_value(|element| {
                if let Some(js) = bindings::clerk() {
                    report(component.unmount(&js, element));
                }
                element.remove();
            });
        });
    });
}

impl MountedComponent {
    fn props(self, path: &str) -> JsValue {
        let props: &[(&str, &str)] = match self {
            Self::SignIn | Self::SignUp | Self::UserProfile => &[("routing", "path"), ("path", path)],
            Self::UserButton => &[("userProfileMode", "navigation"), ("userProfileUrl", path)],
            Self::PricingTable | Self::Waitlist => &[],
        };
        let object = Object::new();
        for (name, value) in props {
            load::set(&object, name, *value);
        }
        object.into()
    }

    fn mount(self, js: &ClerkJs, node: &HtmlDivElement, props: &JsValue) -> Result<(), JsValue> {
        match self {
            Self::SignIn => js.mount_sign_in(node, props),
            Self::SignUp => js.mount_sign_up(node, props),
            Self::UserButton => js.mount_user_button(node, props),
            Self::UserProfile => js.mount_user_profile(node, props),
            Self::PricingTable => js.mount_pricing_table(node, props),
            Self::Waitlist => js.mount_waitlist(node, props),
        }
    }

    fn unmount(self, js: &ClerkJs, node: &HtmlDivElement) -> Result<(), JsValue> {
        match self {
            Self::SignIn => js.unmount_sign_in(node),
            Self::SignUp => js.unmount_sign_up(node),
            Self::UserButton => js.unmount_user_button(node),
            Self::UserProfile => js.unmount_user_profile(node),
            Self::PricingTable => js.unmount_pricing_table(node),
            Self::Waitlist => js.unmount_waitlist(node),
        }
    }
}

pub(super) fn sign_out() {
    let Some(js) = bindings::clerk() else { return };
    spawn_local(async move { report(js.sign_out().await) });
}

pub(super) async fn get_token() -> Option<String> {
    let session = bindings::clerk()?.session()?;
    session.get_token().await.ok()?.as_string()
}

pub(super) fn open_sign_in() -> bool {
    bindings::clerk().is_some_and(|js| js.open_sign_in().is_ok())
}

pub(super) fn open_sign_up() -> bool {
    bindings::clerk().is_some_and(|js| js.open_sign_up().is_ok())
}

/// What clerk-js threw is of no use to the visitor, and of much to the developer.
fn report<T>(outcome: Result<T, JsValue>) {
    if let Err(error) = outcome {
        warn!("Clerk: {}", load::describe(&error));
    }
}
