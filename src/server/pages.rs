//! The routes of the app's pages.

use axum::{Router, http::request::Parts, routing::any};
use axum_clerk::CspNonce;
use leptos::{nonce::Nonce, prelude::*, reactive::owner::with_context, server_fn::axum::server_fn_paths};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes};

use super::{account::Services, api, router::AppState};
use crate::{
    app::{App, SiteFiles, shell},
    config::Config,
};

/// Every address below it that is none of a server function is answered with JSON.
const API: &str = "/api/{*rest}";

/// Routes every page, the server functions and the not-found page. They see the request's extensions through its `Parts`, the
/// plans and [`Services`], and nothing else of the server.
pub(crate) fn routes(config: &Config, state: &AppState) -> Router {
    let options = &config.leptos;
    let listing = listing();
    let site = SiteFiles::read(options, &config.app_url.origin().ascii_serialization());
    let document = move |options| shell(options, &site);
    let (plans, services) = (state.plans.clone(), Services::new(state));
    let provide = move || {
        provide_nonce();
        provide_context(plans.clone());
        provide_context(services.clone());
    };
    let not_found = ErrorHandler::new_with_context(provide_nonce, document.clone(), options.clone());
    let page = {
        let options = options.clone();
        move || document(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(options, listing, provide, page)
        .route(API, any(api::not_found))
        .fallback_service(not_found)
        .with_state(options.clone())
}

/// Returns the paths of all pages and server functions, in the syntax of axum.
pub(crate) fn paths() -> Vec<String> {
    let pages = listing().into_iter().map(|route| route.path().to_owned());
    let server_fns = server_fn_paths().map(|(path, _)| path.to_owned());
    pages.chain(server_fns).chain([API.to_owned()]).collect()
}

fn listing() -> Vec<AxumRouteListing> {
    let (mut listing, _) =
        leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context(App, None, provide_nonce);
    let roots: Vec<_> = listing.iter().filter_map(root_of_splat).collect();
    listing.extend(roots);
    listing
}

/// Returns the route `/sign-in` for `/sign-in/{*step}`: a splat may be empty in Leptos but not in axum.
fn root_of_splat(route: &AxumRouteListing) -> Option<AxumRouteListing> {
    let (root, _) = route.path().split_once("/{*")?;
    let methods: Vec<_> = route.methods().collect();
    (!root.is_empty()).then(|| AxumRouteListing::new(root.to_owned(), route.mode().clone(), methods, []))
}

/// Provides the nonce of the Content Security Policy, in place of the one that Leptos generates.
fn provide_nonce() {
    if let Some(Some(nonce)) = with_context(|parts: &Parts| parts.extensions.get::<CspNonce>().cloned()) {
        provide_context(Nonce::from_value(nonce.as_str()));
    }
}
