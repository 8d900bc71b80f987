use clerk_auth::ProtectedPaths;
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
/// use leptos_clerk::{ClerkProvider, ProtectedPaths};
/// use leptos_router::components::Router;
///
/// pub const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);
///
/// #[component]
/// pub fn App() -> impl IntoView {
///     view! {
///         <Router>
///             <ClerkProvider protected=PROTECTED>"…"</ClerkProvider>
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
    /// The paths that need a signed-in visitor: others who navigate there in the browser are sent to the sign-in page,
    /// from which they return. The server guards its own responses by the same declaration, with the
    /// `ProtectPathsLayer` of axum-clerk. Default: none.
    #[prop(optional)]
    protected: ProtectedPaths,
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
        protected,
        LoadSettings {
            appearance,
            after_sign_out_url,
            raw,
        },
    );
    children.into_inner()()
}
