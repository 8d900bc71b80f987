//! The options of `Clerk.load`.

use std::time::Duration;

use clerk_auth::ClientOptions;
use js_sys::{Object, Promise};
use leptos::prelude::set_timeout;
use leptos_router::NavigateOptions;
use wasm_bindgen::{JsValue, closure::Closure};

use super::LoadSettings;
use crate::clerk_js::browser::{parse_object, set};

/// Builds the options of `Clerk.load`. `ui` is the constructor of Clerk's components.
pub(super) fn load_options<N>(
    options: &ClientOptions,
    settings: &LoadSettings,
    ui: JsValue,
    navigate: N,
) -> Object
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    let object = parse_object(&settings.raw);
    for (name, url) in [
        ("signInUrl", &options.sign_in_url),
        ("signUpUrl", &options.sign_up_url),
        (
            "signInFallbackRedirectUrl",
            &options.sign_in_fallback_redirect_url,
        ),
        (
            "signUpFallbackRedirectUrl",
            &options.sign_up_fallback_redirect_url,
        ),
        ("afterSignOutUrl", &settings.after_sign_out_url),
    ] {
        if !url.is_empty() {
            set(&object, name, url.as_str());
        }
    }
    set(&object, "isSatellite", options.is_satellite);
    if options.local {
        set(&object, "unsafe_disableDevelopmentModeConsoleWarning", true);
    }
    if options.telemetry_disabled || options.local {
        set(&object, "telemetry", false);
    }
    if !settings.appearance.as_str().is_empty() {
        set(&object, "appearance", parse_object(&settings.appearance));
    }
    let components = Object::new();
    set(&components, "ClerkUI", ui);
    set(&object, "ui", components);
    set(&object, "routerPush", router_function(navigate.clone(), false));
    set(&object, "routerReplace", router_function(navigate, true));
    object
}

/// One of Clerk's router functions: navigates through the app's router, and resolves once the new page is there, so that
/// what Clerk tells its listeners afterwards reaches the new page and not the old one.
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
