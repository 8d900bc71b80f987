//! Clerk's navigation through the app's router.

use std::time::Duration;

use js_sys::Promise;
use leptos::prelude::set_timeout;
use leptos_router::NavigateOptions;
use wasm_bindgen::{JsValue, closure::Closure};

/// One of Clerk's router functions: navigates through the app's router, and resolves once the new page is there, so that
/// what Clerk tells its listeners afterwards reaches the new page and not the old one.
pub(super) fn router_function<N>(navigate: N, replace: bool) -> JsValue
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
