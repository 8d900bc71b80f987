//! Calls of `window.Clerk` in the browser.

use js_sys::{Function, JSON, Object, Reflect};
use leptos::{logging::warn, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};

use super::bindings;
use crate::json::Json;

pub(crate) fn sign_out() {
    let Some(clerk) = bindings::clerk() else { return };
    spawn_local(async move { report(clerk.sign_out().await) });
}

pub(crate) async fn get_token() -> Option<String> {
    let session = bindings::clerk()?.session()?;
    session.get_token().await.ok()?.as_string()
}

/// Calls a method that opens a dialog, such as `openSignIn`, and tells whether it worked.
pub(crate) fn open(method: &str) -> bool {
    call(method, &JsValue::UNDEFINED, &JsValue::UNDEFINED).is_ok()
}

/// Calls a method of `window.Clerk`, which is read afresh for every call: clerk-js may have been replaced.
///
/// # Errors
///
/// What clerk-js threw, or that there is no such method.
pub(crate) fn call(method: &str, first: &JsValue, second: &JsValue) -> Result<(), JsValue> {
    let clerk = bindings::clerk().ok_or("clerk-js is not loaded")?;
    let function: Function = Reflect::get(&clerk, &method.into())?
        .dyn_into()
        .map_err(|_| ["clerk-js has no ", method].concat())?;
    function.call2(&clerk, first, second).map(drop)
}

/// Parses JSON to an object; an empty one where there is no JSON or it is invalid.
pub(crate) fn parse_object(json: &Json) -> Object {
    if !json.as_str().is_empty() {
        match JSON::parse(json.as_str()).and_then(JsValue::dyn_into) {
            Ok(object) => return object,
            Err(error) => warn!("Clerk: invalid JSON: {}", describe(&error)),
        }
    }
    Object::new()
}

/// Sets a property of a plain object, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// Logs an error to the console: it is of no use to the visitor, but the developer needs it.
pub(crate) fn report<T>(outcome: Result<T, JsValue>) {
    if let Err(error) = outcome {
        warn!("Clerk: {}", describe(&error));
    }
}

/// The message of a thrown value.
pub(crate) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "an unknown error".to_owned())
}
