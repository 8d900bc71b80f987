//! Loading clerk-js in a client-rendered app, which has no server that could render its script tags.

use clerk_auth::ClientOptions;
use js_sys::{JSON, Object, Promise, Reflect};
use leptos::prelude::{GetValue, document, window};
use leptos_router::NavigateOptions;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

use super::super::{LoadSettings, load_options::LoadOptions, router::router_function};
use crate::{
    clerk_js::{
        bindings,
        browser::{describe, parse_object, set, texts},
    },
    store::Clerk,
};

/// A script tag by the attribute that marks it, and whether the script has run.
type Script = (&'static str, fn() -> bool);

const SCRIPTS: [Script; 2] = [
    ("data-clerk-ui-script", || bindings::clerk_ui().is_some()),
    ("data-clerk-js-script", || bindings::clerk().is_some()),
];

/// Runs the scripts that have not run, then calls `Clerk.load`.
pub(super) async fn load_clerk_js<N>(
    clerk: Clerk,
    _attempt: u32,
    settings: LoadSettings,
    navigate: N,
) -> Result<(), String>
where
    N: Fn(&str, NavigateOptions) + Clone + 'static,
{
    let options = clerk.options.get_value();
    run_scripts(&options).await;
    let (Some(js), Some(ui)) = (bindings::clerk(), bindings::clerk_ui()) else {
        return Err("its scripts did not load".to_owned());
    };
    let options = load_options(&options, &settings).map_err(|error| describe(&error))?;
    if let Some(localization) = &settings.localization {
        set(&options, "localization", texts(localization).await);
    }
    let components = Object::new();
    set(&components, "ClerkUI", ui);
    set(&options, "ui", components);
    set(&options, "routerPush", router_function(navigate.clone(), false));
    set(&options, "routerReplace", router_function(navigate, true));
    js.load(&options)
        .await
        .map(drop)
        .map_err(|error| describe(&error))
}

fn load_options(options: &ClientOptions, settings: &LoadSettings) -> Result<Object, JsValue> {
    let json = serde_json::to_string(&LoadOptions::new(options, settings)).unwrap_or_default();
    let known: Object = JSON::parse(&json)?.unchecked_into();
    let object = Object::assign(&parse_object(&settings.raw), &known);
    for name in ["raw", "localizationUrl"] {
        Reflect::delete_property(&object, &name.into())?;
    }
    if !settings.appearance.text().is_empty() {
        set(&object, "appearance", parse_object(&settings.appearance));
    }
    Ok(object)
}

/// Adds the tags of the scripts that have not run, and waits until they have run or failed.
async fn run_scripts(options: &ClientOptions) {
    let outcomes: Vec<_> = SCRIPTS
        .into_iter()
        .filter(|(_, has_run)| !has_run())
        .filter_map(|(marker, _)| insert(&script(marker, options)?))
        .collect();
    for outcome in outcomes {
        let _ = JsFuture::from(outcome).await;
    }
}

fn script(marker: &str, options: &ClientOptions) -> Option<HtmlScriptElement> {
    let script = document().create_element("script").ok()?.unchecked_into();
    set_attribute(&script, marker, "");
    set_attribute(&script, "crossorigin", "anonymous");
    if marker == "data-clerk-js-script" {
        set_attribute(&script, "data-clerk-publishable-key", &options.publishable_key);
        if let Some(proxy_url) = &options.proxy_url {
            set_attribute(&script, "data-clerk-proxy-url", proxy_url);
        }
        set_attribute(&script, "src", &options.clerk_js_url);
    } else {
        set_attribute(&script, "src", &options.clerk_ui_url);
    }
    Some(script)
}

/// Adds a script tag to the page. The promise resolves once the script has run or failed to load.
fn insert(script: &HtmlScriptElement) -> Option<Promise> {
    document().head()?.append_child(script).ok()?;
    Some(Promise::new(&mut |resolve, _| {
        for name in ["load", "error"] {
            let _ = script.add_event_listener_with_callback(name, &resolve);
        }
    }))
}

/// Sets an attribute whose name is valid, which cannot fail.
fn set_attribute(script: &HtmlScriptElement, name: &str, value: &str) {
    let _ = script.set_attribute(name, value);
}

/// The base URL of the Frontend API: the proxy, or the host that the publishable key names in base64.
pub(crate) fn frontend_api_url(publishable_key: &str, proxy_url: Option<&str>) -> String {
    if let Some(proxy_url) = proxy_url {
        return proxy_url.trim_end_matches('/').to_owned();
    }
    let encoded = publishable_key.rsplit('_').next().unwrap_or_default();
    let host = window().atob(encoded).unwrap_or_default();
    ["https://", host.trim_end_matches('$')].concat()
}
