//! Script tags of a client-rendered app, which has no server that could render them.

use clerk_auth::ClientOptions;
use leptos::prelude::window;
use web_sys::HtmlScriptElement;

use super::{SCRIPTS, create, insert, set_attribute, wait};

/// Adds the tags of the scripts that have not run, and waits until they have run or failed.
pub(in crate::runtime) async fn run(_attempt: u32, options: &ClientOptions) {
    let outcomes: Vec<_> = SCRIPTS
        .into_iter()
        .filter(|(_, has_run)| !has_run())
        .filter_map(|(marker, _)| insert(&script(marker, options)?))
        .collect();
    for outcome in outcomes {
        wait(outcome).await;
    }
}

fn script(marker: &str, options: &ClientOptions) -> Option<HtmlScriptElement> {
    let script = create()?;
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

/// The base URL of the Frontend API: the proxy, or the host that the publishable key names in base64.
pub(crate) fn frontend_api_url(publishable_key: &str, proxy_url: Option<&str>) -> String {
    if let Some(proxy_url) = proxy_url {
        return proxy_url.trim_end_matches('/').to_owned();
    }
    let encoded = publishable_key.rsplit('_').next().unwrap_or_default();
    let host = window().atob(encoded).unwrap_or_default();
    ["https://", host.trim_end_matches('$')].concat()
}
