use leptos::prelude::*;

use super::provide;
use crate::{initial_state, json::Json, runtime::LoadSettings, store::Clerk};

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
    /// Where signing out leads. Default: `/`.
    #[prop(default = "/".to_owned(), into)]
    after_sign_out_url: String,
    /// Further options of `Clerk.load`, such as `localization`. The props above win over it.
    #[prop(optional, into)]
    raw: Json,
    children: TypedChildren<C>,
) -> impl IntoView
where
    C: IntoView,
{
    provide(
        Clerk::new(initial_state::read(), true),
        LoadSettings {
            appearance,
            after_sign_out_url,
            raw,
        },
    );
    children.into_inner()()
}
