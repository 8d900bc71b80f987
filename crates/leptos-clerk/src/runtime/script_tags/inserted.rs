//! Script tags of a client-rendered app, which has no server that could render them.

use clerk_auth::ClientOptions;
use leptos::prelude::window;

use super::{SCRIPTS, insert, wait};

/// Adds the tags of the scripts that have not run, and waits until they have run or failed.
pub(in crate::runtime) async fn run(_attempt: u32, options: &ClientOptions) {
    let outcomes: Vec<_> = SCRIPTS
        .into_iter()
        .filter(|(_, has_run)| !has_run())
        .filter_map(|(marker, _)| insert(attributes(marker, options), ""))
        .collect();
    for outcome in outcomes {
        wait(outcome).await;
    }
}

fn attributes(marker: &str, options: &ClientOptions) -> Vec<(String, String)> {
    let mut attributes = vec![(marker, ""), ("crossorigin", "anonymous")];
    if marker == "data-clerk-js-script" {
        attributes.push(("data-clerk-publishable-key", &options.publishable_key));
        if let Some(proxy_url) = &options.proxy_url {
            attributes.push(("data-clerk-proxy-url", proxy_url));
        }
        attributes.push(("src", &options.clerk_js_url));
    } else {
        attributes.push(("src", &options.clerk_ui_url));
    }
    attributes
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
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
