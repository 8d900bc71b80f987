//! The pages of the app, with what the request knows in their context.

use axum::{Router, http::request::Parts};
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes};

use crate::{
    app::{App, shell},
    auth::{Auth, User},
    clerk_js::ClientOptions,
};

/// Every page at its path, server functions, and the not-found page with its status. Pages get the
/// context of [`provide_request`] and nothing else of the server.
pub(crate) fn routes<S>(client: &ClientOptions, options: &LeptosOptions) -> Router<S> {
    let context = {
        let client = client.clone();
        move || provide_request(&client)
    };
    let (mut listing, _) =
        leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    let roots: Vec<_> = listing.iter().filter_map(root_of_splat).collect();
    listing.extend(roots);
    let not_found = ErrorHandler::new_with_context(context.clone(), shell, options.clone());
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(options, listing, context, document)
        .fallback_service(not_found)
        .with_state(options.clone())
}

/// For `/sign-in/{*step}` the route `/sign-in`: to Leptos a splat may be empty, to axum it may not.
fn root_of_splat(route: &AxumRouteListing) -> Option<AxumRouteListing> {
    let (root, _) = route.path().split_once("/{*")?;
    let methods: Vec<_> = route.methods().collect();
    (!root.is_empty()).then(|| AxumRouteListing::new(root.to_owned(), route.mode().clone(), methods, []))
}

/// Puts into context what the layers found out about the request. Where there is no request, as when
/// the routes are listed, nobody is signed in.
fn provide_request(client: &ClientOptions) {
    provide_context(client.clone());
    let extensions = use_context::<Parts>()
        .map(|parts| parts.extensions)
        .unwrap_or_default();
    provide_context(extensions.get::<Auth>().cloned().unwrap_or_default());
    provide_context(extensions.get::<Option<User>>().cloned().flatten());
    // Provided later than Leptos's own, and so instead of it: the one that the policy allows.
    if let Some(nonce) = extensions.get::<Nonce>() {
        provide_context(nonce.clone());
    }
}
