//! Calls of `window.Clerk` in the browser.

use clerk_auth::ReverificationLevel;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use leptos::{logging::warn, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::{Verification, bindings, resources::api_error};
use crate::{
    clerk_api_error::ClerkApiError,
    json::Json,
    localization::{Localization, Texts},
    props::Props,
};

pub(crate) fn sign_out(options: &Props) {
    let Some(clerk) = bindings::clerk() else { return };
    let options = options.to_object();
    spawn_local(async move { report(clerk.sign_out(&options).await) });
}

pub(crate) fn get_token(
    options: &Props,
) -> impl Future<Output = Result<Option<String>, ClerkApiError>> + Send + use<> {
    let options = options.to_object();
    SendWrapper::new(async move {
        let clerk = bindings::clerk().ok_or_else(ClerkApiError::not_loaded)?;
        let Some(session) = clerk.session() else {
            return Ok(None);
        };
        match session.get_token(&options).await {
            Ok(token) => Ok(token.as_string()),
            Err(error) => Err(api_error(&error)),
        }
    })
}

/// Has the visitor verify their identity again, in Clerk's dialog.
pub(crate) fn reverify(level: ReverificationLevel) -> impl Future<Output = Verification> + Send + use<> {
    // Clerk opens nothing for nobody, and calls neither function then.
    let dialog = bindings::clerk().and_then(|clerk| clerk.session()).and_then(|_| {
        let options = Object::new();
        set(&options, "level", level_name(level));
        let closed = Promise::new(&mut |resolve, reject| {
            set(&options, "afterVerification", resolve);
            set(&options, "afterVerificationCancelled", reject);
        });
        let opened = call("__internal_openReverification", &[&options]);
        let is_open = opened.is_ok();
        report(opened);
        is_open.then_some(closed)
    });
    SendWrapper::new(async move {
        let Some(closed) = dialog else {
            return Verification::NotStarted;
        };
        match JsFuture::from(closed).await {
            Ok(_) => Verification::Complete,
            Err(_) => Verification::Cancelled,
        }
    })
}

const fn level_name(level: ReverificationLevel) -> &'static str {
    match level {
        ReverificationLevel::FirstFactor => "first_factor",
        ReverificationLevel::MultiFactor => "multi_factor",
        _ => "second_factor",
    }
}

/// Has a page that the server rendered work as far as it does without hydration: Clerk's components in it are mounted, unless they are,
/// and Clerk navigates by loading pages. For the panic hook of an app whose WebAssembly may have stopped working, such as when a
/// browser extension has changed the page before it was hydrated.
///
/// ```no_run
/// std::panic::set_hook(Box::new(|panic| {
///     leptos::logging::error!("{panic}");
///     leptos_clerk::mount_without_hydration();
/// }));
/// ```
#[cfg(not(feature = "csr"))]
pub fn mount_without_hydration() {
    if let Some(boot) = bindings::boot() {
        report(boot.abandon());
    }
}

/// Calls a method that opens something, such as `openSignIn`, and tells whether it worked.
pub(crate) fn open(method: &str, props: &Props) -> bool {
    let outcome = call(method, &[&props.to_object()]);
    let is_open = outcome.is_ok();
    report(outcome);
    is_open
}

/// Calls a method of `window.Clerk`, which is read afresh for every call: clerk-js may have been replaced.
///
/// # Errors
///
/// What clerk-js threw, or that there is no such method.
pub(crate) fn call(method: &str, arguments: &[&JsValue]) -> Result<(), JsValue> {
    let clerk = bindings::clerk().ok_or("clerk-js is not loaded")?;
    let function: Function = Reflect::get(&clerk, &method.into())?
        .dyn_into()
        .map_err(|_| ["clerk-js has no ", method].concat())?;
    let arguments: Array = arguments.iter().collect();
    function.apply(&clerk, &arguments).map(drop)
}

/// Has the signal follow whether clerk-js is loaded but cannot reach the Frontend API.
pub(crate) fn follow_degraded(is_degraded: RwSignal<bool>) {
    let listener = Closure::<dyn Fn(JsValue)>::new(move |status: JsValue| {
        // The listener outlives the signal.
        is_degraded.try_set(status == "degraded");
    });
    let listener = listener.into_js_value();
    let notify = Object::new();
    set(&notify, "notify", true);
    report(call("on", &[&"status".into(), &listener, &notify]));
}

/// Changes what `Clerk.load` was told of the components.
pub(crate) fn update_props(name: &str, value: JsValue) {
    let props = Object::new();
    set(&props, name, value);
    report(call("__internal_updateProps", &[&props]));
}

pub(crate) fn set_appearance(appearance: &Json) {
    update_props("appearance", parse_object(appearance).into());
}

/// Changes the language of the components and of the document.
pub(crate) fn set_localization(localization: Localization) {
    spawn_local(async move {
        let options = Object::new();
        set(&options, "localization", texts(&localization).await);
        update_props("options", options.into());
        if let Some(html) = document().document_element() {
            report(html.set_attribute("lang", localization.lang()));
            report(html.set_attribute("dir", localization.dir()));
        }
    });
}

/// The texts of a localization; `undefined`, for English, if they cannot be used.
pub(crate) async fn texts(localization: &Localization) -> JsValue {
    let url = match &localization.texts {
        Texts::Json(json) => return parse_object(json).into(),
        Texts::File(url) => url,
    };
    match fetch_json(url).await {
        Ok(texts) => texts,
        Err(error) => {
            warn!("Clerk: {url} cannot be used: {}", describe(&error));
            JsValue::UNDEFINED
        }
    }
}

async fn fetch_json(url: &str) -> Result<JsValue, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(url))
        .await?
        .unchecked_into();
    JsFuture::from(response.json()?).await
}

/// Parses JSON to an object; an empty one where there is no JSON or it is invalid.
pub(crate) fn parse_object(json: &Json) -> Object {
    let text = json.text();
    if !text.is_empty() {
        match JSON::parse(&text).and_then(JsValue::dyn_into) {
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
