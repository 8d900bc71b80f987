//! Protected paths in the app's router.

#[cfg(feature = "_browser")]
mod browser;
mod routes;
#[cfg(not(feature = "_browser"))]
mod server;

use clerk_auth::ProtectedPaths;
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, components::RouteChildren};

#[cfg(feature = "_browser")]
use browser::redirect;
use routes::GuardedRoutes;
#[cfg(not(feature = "_browser"))]
use server::redirect;

use crate::store::use_clerk;

/// Protects paths of the routes inside of it: only signed-in visitors see their pages. Visitors who are signed out are
/// sent to the sign-in page, and return after signing in.
///
/// Place it inside of Leptos's `<FlatRoutes>` or `<Routes>`, around the routes. A protected path must cover whole
/// routes, whose views cannot be lazy. The server guards its own responses by the same declaration, with the
/// `ProtectPathsLayer` of axum-clerk. In an app without such a server, it only decides what is shown: data must be
/// protected where it is served.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_clerk::{ClerkProvider, ProtectPaths, ProtectedPaths};
/// use leptos_router::{
///     components::{FlatRoutes, Route, Router},
///     path,
/// };
///
/// pub const PROTECTED: ProtectedPaths = ProtectedPaths::new(&["/profile"]);
///
/// #[component]
/// pub fn App() -> impl IntoView {
///     view! {
///         <Router>
///             <ClerkProvider>
///                 <FlatRoutes fallback=|| "Not found">
///                     <ProtectPaths paths=PROTECTED>
///                         <Route path=path!("/") view=|| "Home" />
///                         <Route path=path!("/profile") view=|| "Your profile" />
///                     </ProtectPaths>
///                 </FlatRoutes>
///             </ClerkProvider>
///         </Router>
///     }
/// }
/// ```
#[component(transparent)]
pub fn ProtectPaths<Routes>(
    /// The paths to protect, each with everything below it.
    paths: ProtectedPaths,
    /// The routes.
    children: RouteChildren<Routes>,
) -> impl MatchNestedRoutes + Clone + Send + 'static
where
    Routes: MatchNestedRoutes + Clone + Send + 'static,
    Routes::Match: 'static,
{
    let clerk = use_clerk();
    redirect(clerk, paths);
    let routes = GuardedRoutes {
        routes: children.into_inner(),
        paths,
        clerk,
    };
    // The macro then replaces the return type, as for the routes of Leptos itself.
    #[cfg(erase_components)]
    let routes = leptos_router::any_nested_route::IntoAnyNestedRoute::into_any_nested_route(routes);
    routes
}
