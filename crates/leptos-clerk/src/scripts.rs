use std::sync::LazyLock;

use leptos::{nonce::use_nonce, prelude::*};
use serde::Serialize;

use crate::initial_state::{self, ELEMENT_ID};

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
pub fn ClerkScripts() -> impl IntoView {
    let nonce = use_nonce();
    let state = initial_state::read();
    let json = script_json(&state);
    let options = state.options;
    view! {
        <script id=ELEMENT_ID r#type="application/json" inner_html=json></script>
        <script nonce=nonce.clone() inner_html=BOOT.as_str()></script>
        <script
            defer
            crossorigin="anonymous"
            nonce=nonce.clone()
            data-clerk-ui-script=""
            integrity=options.clerk_ui_integrity.clone()
            src=options.clerk_ui_url.clone()
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
            src=options.clerk_js_url.clone()
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
