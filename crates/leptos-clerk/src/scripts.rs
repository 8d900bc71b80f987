use std::sync::LazyLock;

use http::request::Parts;
use leptos::{nonce::use_nonce, prelude::*, reactive::owner::with_context};
use serde::Serialize;

use crate::{
    initial_state::{self, ELEMENT_ID},
    store::is_pending,
};

/// Clerk's part of the document head: the two scripts of clerk-js, which the browser starts to load at once, a small
/// inline script that calls `Clerk.load` as soon as they have run, and the state that
/// [`ClerkProvider`](crate::ClerkProvider) starts from in the browser.
///
/// Place it in the `<head>` that the server renders, before the style sheets: an inline script waits for those above
/// it. The script tags carry the nonce of Leptos's context, if there is one, for a Content Security Policy.
///
/// clerk-js therefore does not wait for WebAssembly. The inline script provides `window.leptosClerk`, whose `load(0)`
/// is the promise of that first load. Until hydration, Clerk navigates by loading pages; afterwards through the router.
///
/// clerk-js keeps the processor of a phone busy for a second. A page that a visitor who is signed out can read without it may come
/// without it at first, see `on_demand`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::ClerkScripts;
///
/// pub fn shell(options: LeptosOptions) -> impl IntoView {
///     view! {
///         <!DOCTYPE html>
///         <html lang="en">
///             <head>
///                 <meta charset="utf-8" />
///                 <ClerkScripts />
///                 <HydrationScripts options />
///             </head>
///             <body>"…"</body>
///         </html>
///     }
/// }
/// ```
#[component]
pub fn ClerkScripts(
    /// The paths of pages that load clerk-js on demand for visitors who are signed out: when they point at, touch or focus a
    /// link, a button or a place of one of Clerk's components, or three seconds after the page has loaded, once the browser is idle.
    /// Clerk's components show their fallbacks until then. Satellite domains, which find out through clerk-js who is signed in, load it
    /// at once. Default: none.
    #[prop(optional)]
    on_demand: &'static [&'static str],
) -> impl IntoView {
    let nonce = use_nonce();
    let state = initial_state::read();
    let json = script_json(&state);
    let is_signed_out = !state.auth.is_signed_in() && !is_pending(&state.auth);
    let is_listed = with_context(|parts: &Parts| on_demand.contains(&parts.uri.path()));
    let options = state.options;
    let waits = is_signed_out && !options.is_satellite && is_listed == Some(true);
    // The inline script turns `data-clerk-src` into `src`.
    let src = |url: &str| (!waits).then(|| url.to_owned());
    let later = |url: &str| waits.then(|| url.to_owned());
    view! {
        <script id=ELEMENT_ID r#type="application/json" inner_html=json></script>
        <script nonce=nonce.clone() inner_html=BOOT.as_str()></script>
        <script
            defer
            crossorigin="anonymous"
            nonce=nonce.clone()
            data-clerk-ui-script=""
            integrity=options.clerk_ui_integrity.clone()
            src=src(&options.clerk_ui_url)
            data-clerk-src=later(&options.clerk_ui_url)
        ></script>
        <script
            defer
            crossorigin="anonymous"
            nonce=nonce
            data-clerk-js-script=""
            data-clerk-publishable-key=options.publishable_key.clone()
            data-clerk-proxy-url=options.proxy_url.clone()
            data-clerk-domain=options.domain.clone()
            integrity=options.clerk_js_integrity.clone()
            src=src(&options.clerk_js_url)
            data-clerk-src=later(&options.clerk_js_url)
        ></script>
    }
}

/// The inline script, without its comments and indentation, since every page carries it.
static BOOT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("scripts/boot.js").lines().map(str::trim_start);
    lines
        .filter(|line| !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
});

/// Serializes a value for the inside of a `<script>`: without `<`, neither `</script` nor `<!--` can end it.
pub(crate) fn script_json(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use clerk_auth::User;

    use super::*;
    use crate::initial_state::InitialState;

    #[test]
    fn script_json_cannot_close_its_script() {
        let state = InitialState {
            user: Some(User {
                first_name: Some("</script><!--".into()),
                ..User::default()
            }),
            ..InitialState::default()
        };
        let json = script_json(&state);
        assert!(!json.contains('<'), "{json}");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["user"]["first_name"], "</script><!--");
    }
}
