//! The routes and their layers.

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{any, get, post},
};
use axum_clerk::{
    Clerk, ClerkLayer, ProtectPathsLayer, ProxySetupError, SignedOutPages, UserSnapshots, frontend_api_proxy,
};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, DefaultPredicate,
        predicate::{NotForContentType, Predicate},
    },
    limit::RequestBodyLimitLayer,
};

use super::{api, errors, health, pages, sessions::Sessions, webhooks};
use crate::app::{PROTECTED, SAME_WHEN_SIGNED_OUT};

/// More than any page or server function of the app accepts.
const BODY_LIMIT: usize = 1024 * 1024;

/// Enough for a profile image of ten megabytes in a multipart form.
const PROXY_BODY_LIMIT: usize = 12 * 1024 * 1024;

/// What the handlers take as `State`, each the part that it needs. Cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct AppState {
    pub(super) clerk: Clerk,
    sessions: Sessions,
    snapshots: UserSnapshots,
}

impl AppState {
    pub(crate) fn new(clerk: Clerk, sessions: Sessions) -> Self {
        Self {
            snapshots: UserSnapshots::new(clerk.clone()),
            clerk,
            sessions,
        }
    }
}

/// Routes everything but the static files and the Frontend API proxy.
pub(crate) async fn routes(state: &AppState, leptos: &LeptosOptions) -> Router {
    // One stack around one service: axum clones and boxes what `Router::layer` adds for each request.
    let dynamic = ServiceBuilder::new()
        .layer(compression())
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(ClerkLayer::new(state.clerk.clone()).on_error(errors::clerk_error))
        .layer(state.sessions.layer())
        .service(pages_and_api(state, leptos).await);
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route(
            webhooks::PATH,
            post(webhooks::receive).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(state.clone())
        .fallback_service(dynamic)
}

/// Routes everything that depends on the caller.
async fn pages_and_api(state: &AppState, leptos: &LeptosOptions) -> Router {
    let pages = pages::routes(leptos);
    let signed_out = SignedOutPages::render(&state.clerk, &SAME_WHEN_SIGNED_OUT, pages.clone()).await;
    let pages = ServiceBuilder::new()
        .layer(ProtectPathsLayer::new(PROTECTED))
        .layer(state.snapshots.layer())
        .layer(signed_out.layer())
        .service(pages);
    Router::new()
        .route("/api/me", get(api::me))
        .route("/api/session/refresh", post(api::refresh_session))
        .route("/api/{*rest}", any(api::not_found))
        .with_state(state.clone())
        .fallback_service(pages)
}

/// Returns the path and the routes of the Frontend API proxy, without a timeout and without the app's headers: it answers
/// as Clerk does.
pub(crate) fn proxy(clerk: &Clerk) -> Result<Option<(String, Router)>, ProxySetupError> {
    if clerk.options().proxy_url.is_none() {
        return Ok(None);
    }
    let routes = frontend_api_proxy(clerk)?.layer(RequestBodyLimitLayer::new(PROXY_BODY_LIMIT));
    // Between the local Clerk and a browser on the same machine, compression gains nothing.
    let routes = match clerk.options().local {
        true => routes,
        false => routes.layer(compression()),
    };
    Ok(Some((clerk.proxy().path().to_owned(), routes)))
}

/// Compresses responses other than JSON, which is small, and whose compressed length could reveal a token (BREACH).
///
/// Of the codings and levels that browsers accept, the second level of gzip makes the smallest page for its time: the
/// fourth of Brotli saves 150 bytes of 2,300 and takes twice as long, see docs/performance.md.
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .no_br()
        .no_deflate()
        .quality(CompressionLevel::Precise(2))
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/json")))
}
