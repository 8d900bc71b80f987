use std::sync::Arc;

use clerk_auth::ClientOptions;
use leptos::{children::ViewFn, prelude::*};

use super::provide;
use crate::{
    clerk_options::ClerkOptions,
    initial_state::InitialState,
    json::Json,
    localization::Localization,
    runtime::{LoadSettings, frontend_api_url},
    store::{Clerk, LoadStatus},
};

/// Provides the state of Clerk to everything below it, and loads clerk-js from the Frontend API of the publishable key.
///
/// Place it inside of Leptos's `<Router>`, through which Clerk navigates, around everything that uses Clerk. Its children
/// are rendered once clerk-js has loaded or failed to load, since only clerk-js knows who is signed in.
///
/// ```no_run
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkProvider, UserButton};
/// use leptos_router::components::Router;
///
/// leptos::mount::mount_to_body(|| {
///     view! {
///         <Router>
///             <ClerkProvider publishable_key="pk_test_…" fallback=|| "Loading…">
///                 <UserButton />
///             </ClerkProvider>
///         </Router>
///     }
/// });
/// ```
#[component]
pub fn ClerkProvider(
    /// The publishable key of the Clerk instance, `pk_…`.
    #[prop(into)]
    publishable_key: String,
    /// The URL of a Frontend API proxy, if there is one.
    #[prop(optional, into)]
    proxy_url: Option<String>,
    /// The app's sign-in page. Default: `/sign-in`.
    #[prop(default = "/sign-in".to_owned(), into)]
    sign_in_url: String,
    /// The app's sign-up page. Default: `/sign-up`.
    #[prop(default = "/sign-up".to_owned(), into)]
    sign_up_url: String,
    /// Clerk's [`appearance`](https://clerk.com/docs/guides/customizing-clerk/appearance-prop/overview) as JSON.
    #[prop(optional, into)]
    appearance: Json,
    /// The language of Clerk's components. Default: English.
    #[prop(optional, into)]
    localization: Option<Localization>,
    /// How clerk-js behaves in this app.
    #[prop(optional)]
    options: ClerkOptions,
    /// Where signing out leads, unless a button or component says so. Default: clerk-js decides, which is `/`.
    #[prop(optional, into)]
    after_sign_out_url: String,
    /// Further [options of `Clerk.load`](https://clerk.com/docs/reference/javascript/clerk#clerkoptions). The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    /// What to show until clerk-js has loaded. Default: nothing.
    #[prop(optional, into)]
    fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let frontend_api = frontend_api_url(&publishable_key, proxy_url.as_deref());
    let client_options = ClientOptions {
        clerk_js_url: [&frontend_api, "/npm/@clerk/clerk-js@6/dist/clerk.browser.js"].concat(),
        clerk_ui_url: [&frontend_api, "/npm/@clerk/ui@1/dist/ui.browser.js"].concat(),
        publishable_key,
        proxy_url,
        sign_in_url,
        sign_up_url,
        ..ClientOptions::default()
    };
    let state = InitialState {
        options: Arc::new(client_options),
        ..InitialState::default()
    };
    let clerk = Clerk::new(state, false);
    provide(
        clerk,
        LoadSettings {
            appearance,
            localization,
            options,
            after_sign_out_url,
            raw,
        },
    );
    // Stays true: another attempt to load must not take the page away.
    let has_started = Memo::new(move |before| before == Some(&true) || clerk.status() != LoadStatus::Loading);
    view! {
        <Show when=move || has_started.get() fallback=fallback>
            {children()}
        </Show>
    }
}
