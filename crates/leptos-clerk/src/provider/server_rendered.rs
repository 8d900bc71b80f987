use leptos::prelude::*;

use super::provide;
use crate::{
    clerk_options::ClerkOptions, initial_state, json::Json, localization::Localization,
    runtime::LoadSettings, store::Clerk,
};
#[cfg(not(feature = "_browser"))]
use crate::{runtime::LoadOptions, scripts::script_json};

/// Provides the state of Clerk to everything below it, and starts clerk-js in the browser.
///
/// Place it inside of Leptos's `<Router>`, through which Clerk navigates, around everything that uses Clerk. On the
/// server the state comes from the extensions of the `http::request::Parts` in Leptos's context; in the browser it
/// starts from what [`ClerkScripts`](crate::ClerkScripts) left in the page.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkProvider, UserButton};
/// use leptos_router::components::Router;
///
/// #[component]
/// pub fn App() -> impl IntoView {
///     view! {
///         <Router>
///             <ClerkProvider>
///                 <UserButton />
///             </ClerkProvider>
///         </Router>
///     }
/// }
/// ```
#[component(transparent)]
pub fn ClerkProvider<C>(
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
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView,
{
    let clerk = Clerk::new(initial_state::read(), true);
    let settings = LoadSettings {
        appearance,
        localization,
        options,
        after_sign_out_url,
        raw,
    };
    let json = load_options(clerk, &settings);
    provide(clerk, settings);
    view! {
        <script id="clerk-load-options" r#type="application/json" inner_html=json></script>
        {children.into_inner()()}
    }
}

/// The options of `Clerk.load`, for the inline script of `ClerkScripts`.
#[cfg(not(feature = "_browser"))]
fn load_options(clerk: Clerk, settings: &LoadSettings) -> String {
    clerk
        .options
        .with_value(|options| script_json(&LoadOptions::new(options, settings)))
}

/// Hydration keeps what the server rendered.
#[cfg(feature = "_browser")]
const fn load_options(_clerk: Clerk, _settings: &LoadSettings) -> &'static str {
    ""
}
