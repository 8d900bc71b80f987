//! The routes of the app's pages.

use axum::{Router, http::request::Parts};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes};

use crate::app::{App, shell};

/// Routes every page, the server functions and the not-found page. Pages see the request's extensions through its
/// `Parts`, and nothing else of the server.
pub(crate) fn routes<S>(options: &LeptosOptions) -> Router<S> {
    let (mut listing, _) =
        leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context(App, None, provide_nonce);
    let roots: Vec<_> = listing.iter().filter_map(root_of_splat).collect();
    listing.extend(roots);
    let not_found = ErrorHandler::new_with_context(provide_nonce, shell, options.clone());
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(options, listing, provide_nonce, document)
        .fallback_service(not_found)
        .with_state(options.clone())
}

/// Returns the route `/sign-in` for `/sign-in/{*step}`: a splat may be empty in Leptos but not in axum.
fn root_of_splat(route: &AxumRouteListing) -> Option<AxumRouteListing> {
    let (root, _) = route.path().split_once("/{*")?;
    let methods: Vec<_> = route.methods().collect();
    (!root.is_empty()).then(|| AxumRouteListing::new(root.to_owned(), route.mode().clone(), methods, []))
}

/// Provides the nonce of the Content Security Policy, in place of the one that Leptos generates.
fn provide_nonce() {
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}
