//! Loading clerk-js: waiting for its two scripts, `Clerk.load`, and the router functions.

use std::time::Duration;

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlScriptElement};

use clerk_auth::ClientOptions;

use super::{Clerk, bindings, events::follow};

type HasRun = fn() -> bool;

/// The script tags of the page, by the attribute that marks them, and whether each has done its work.
const SCRIPTS: [(&str, HasRun); 2] = [
    ("script[data-clerk-ui-script]", || bindings::clerk_ui().is_some()),
    ("script[data-clerk-js-script]", || bindings::clerk().is_some()),
];

/// Brings clerk-js up and has the store follow it.
///
/// # Errors
/// What went wrong, for the console.
pub(super) async fn load<N>(clerk: Clerk, attempt: u32, appearance: &str, navigate: N) -> Result<(), String>
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    if attempt == 0 {
        page_loaded().await;
    } else {
        for (selector, done) in SCRIPTS {
            if !done() {
                run_again(selector).await;
            }
        }
    }
    let (Some(js), Some(ui)) = (bindings::clerk(), bindings::clerk_ui()) else {
        return Err("its scripts did not load".to_owned());
    };
    let options = load_options(&clerk.options.get_value(), appearance, navigate);
    set(&options, "ui", object([("ClerkUI", ui)]));
    js.load(&options).await.map_err(|error| describe(&error))?;
    // The listener stays for the life of the page.
    let listener = Closure::<dyn Fn(bindings::Resources)>::new(move |resources| follow(clerk, &resources));
    js.add_listener(&listener).map_err(|error| describe(&error))?;
    listener.forget();
    Ok(())
}

/// Waits until both scripts ran, at the latest until every script of the page has run or failed.
async fn page_loaded() {
    if SCRIPTS.iter().all(|(_, done)| done()) || document().ready_state() == "complete" {
        return;
    }
    event(window().unchecked_ref(), &["load"]).await;
}

/// Puts a failed script into the page once more and waits for what comes of it.
async fn run_again(selector: &str) {
    let Some(failed) = document().query_selector(selector).ok().flatten() else {
        return;
    };
    let (Ok(script), Some(head)) = (document().create_element("script"), document().head()) else {
        return;
    };
    for name in failed
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
    {
        let value = failed.get_attribute(&name).unwrap_or_default();
        // An attribute that could be parsed once can be set again.
        let _ = script.set_attribute(&name, &value);
    }
    // Browsers hide the attribute and keep the property.
    script
        .unchecked_ref::<HtmlElement>()
        .set_nonce(&failed.unchecked_ref::<HtmlElement>().nonce());
    let script: HtmlScriptElement = script.unchecked_into();
    if head.append_child(&script).is_ok() {
        event(script.unchecked_ref(), &["load", "error"]).await;
    }
}

/// Waits for the first of some events.
async fn event(target: &web_sys::EventTarget, names: &[&str]) {
    let promise = Promise::new(&mut |resolve, _| {
        for name in names {
            let _ = target.add_event_listener_with_callback(name, &resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// The options of `Clerk.load`, but for `ui`.
fn load_options<N>(options: &ClientOptions, appearance: &str, navigate: N) -> Object
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    let object = Object::new();
    for (name, url) in [
        ("signInUrl", options.sign_in_url.as_str()),
        ("signUpUrl", &options.sign_up_url),
        (
            "signInFallbackRedirectUrl",
            &options.sign_in_fallback_redirect_url,
        ),
        (
            "signUpFallbackRedirectUrl",
            &options.sign_up_fallback_redirect_url,
        ),
        ("afterSignOutUrl", "/"),
    ] {
        set(&object, name, url);
    }
    set(&object, "isSatellite", options.is_satellite);
    set(
        &object,
        "unsafe_disableDevelopmentModeConsoleWarning",
        options.local,
    );
    // A file that is no JSON would leave Clerk's own colours.
    set(
        &object,
        "appearance",
        js_sys::JSON::parse(appearance).unwrap_or_default(),
    );
    if options.telemetry_disabled || options.local {
        set(&object, "telemetry", false);
    }
    set(&object, "routerPush", router_function(navigate.clone(), false));
    set(&object, "routerReplace", router_function(navigate, true));
    object
}

/// One of Clerk's router functions: goes through the app's router, and answers once the new page
/// stands, so that what Clerk tells its listeners afterwards reaches the new page and not the old one.
fn router_function<N>(navigate: N, replace: bool) -> JsValue
where
    N: Fn(&str, NavigateOptions) + 'static,
{
    Closure::<dyn Fn(String) -> Promise>::new(move |to: String| {
        navigate(
            &to,
            NavigateOptions {
                resolve: false,
                replace,
                ..NavigateOptions::default()
            },
        );
        Promise::new(&mut |resolve, _| {
            set_timeout(
                move || {
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                },
                Duration::ZERO,
            );
        })
    })
    .into_js_value()
}

fn object<const N: usize>(properties: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object
}

/// Sets a property of a plain object, which cannot fail.
pub(super) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// What a thrown value says of itself.
pub(super) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "an unknown error".to_owned())
}
