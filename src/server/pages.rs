//! The pages of the app, with what the request knows in their context.

use axum::{Router, http::request::Parts};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes};

use crate::app::{App, shell};

/// Every page at its path, server functions, and the not-found page with its status. Pages get the
/// request's extensions by way of its `Parts` and nothing else of the server.
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

/// For `/sign-in/{*step}` the route `/sign-in`: to Leptos a splat may be empty, to axum it may not.
fn root_of_splat(route: &AxumRouteListing) -> Option<AxumRouteListing> {
    let (root, _) = route.path().split_once("/{*")?;
    let methods: Vec<_> = route.methods().collect();
    (!root.is_empty()).then(|| AxumRouteListing::new(root.to_owned(), route.mode().clone(), methods, []))
}

/// Provides the nonce that the Content Security Policy allows, instead of the one that Leptos makes.
fn provide_nonce() {
    if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}
