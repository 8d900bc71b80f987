use leptos::{nonce::use_nonce, prelude::*};

use crate::initial_state::{self, ELEMENT_ID, InitialState};

/// Clerk's part of the document head: the two scripts of clerk-js, which the browser starts to load at once, and the
/// state that [`ClerkProvider`](crate::ClerkProvider) starts from in the browser.
///
/// Place it in the `<head>` that the server renders. The script tags carry the nonce of Leptos's context, if there is
/// one, for a Content Security Policy.
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
        <script
            defer
            crossorigin="anonymous"
            nonce=nonce.clone()
            data-clerk-ui-script=""
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
            src=options.clerk_js_url.clone()
        ></script>
    }
}

/// Serializes the state for the inside of a `<script>`: without `<`, neither `</script` nor `<!--` can end it.
fn script_json(state: &InitialState) -> String {
    serde_json::to_string(state)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use clerk_auth::User;

    use super::*;

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
        let back: InitialState = serde_json::from_str(&json).unwrap();
        assert_eq!(back.user, state.user);
    }
}
