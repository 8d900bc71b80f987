//! The routes and their layers.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    http::{StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use axum_clerk::{
    Clerk, ClerkLayer, ProtectPathsLayer, ProxySetupError, SignedOutPages, UserSnapshots, frontend_api_proxy,
};
use leptos::config::LeptosOptions;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, DefaultPredicate,
        predicate::{NotForContentType, Predicate},
    },
    limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};
use url::Url;

use super::{
    api, csrf, errors, health, pages, redirect,
    security::{SecurityHeaders, security_headers},
    sessions::Sessions,
    static_files, trace, webhooks,
};
use crate::{
    app::{PROTECTED, SAME_WHEN_SIGNED_OUT},
    config::Config,
};

/// More than any page or server function of the app accepts.
const BODY_LIMIT: usize = 1024 * 1024;

/// Enough for a profile image of ten megabytes in a multipart form.
const PROXY_BODY_LIMIT: usize = 12 * 1024 * 1024;

/// Limits the time until the head of the response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the handlers take as `State`, each the part that it needs. Cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct AppState {
    app_url: Url,
    clerk: Clerk,
    leptos: LeptosOptions,
    sessions: Sessions,
    snapshots: UserSnapshots,
}

impl AppState {
    pub(crate) fn new(config: &Config, clerk: Clerk, sessions: Sessions) -> Self {
        Self {
            app_url: config.app_url.clone(),
            snapshots: UserSnapshots::new(clerk.clone()),
            clerk,
            leptos: config.leptos.clone(),
            sessions,
        }
    }
}

/// Returns the whole program as one service.
pub(crate) async fn router(state: &AppState, config: &Config) -> Result<Router, ProxySetupError> {
    let security = Arc::new(SecurityHeaders::new(&state.clerk, config));
    let outer = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route(
            "/webhooks/clerk",
            post(webhooks::receive).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(state.clone())
        .merge(static_files::package(&state.leptos))
        .fallback_service(dynamic(state).await)
        .layer(CatchPanicLayer::custom(errors::panic_response))
        .layer(from_fn_with_state(security, security_headers));
    Ok(outer
        .merge(proxy(&state.clerk)?)
        .layer(from_fn(require_path))
        .layer(from_fn(trace::requests)))
}

/// Serves files of the site root, and everything that depends on the caller. Layers run from the last to the first.
async fn dynamic(state: &AppState) -> Router {
    let pages = pages::routes(&state.leptos);
    let signed_out = SignedOutPages::render(&state.clerk, &SAME_WHEN_SIGNED_OUT, pages.clone()).await;
    let pages = pages
        .layer(signed_out.layer())
        .layer(state.snapshots.layer())
        .layer(ProtectPathsLayer::new(PROTECTED))
        .with_state(());
    Router::new()
        .route("/api/me", get(api::me))
        .route("/api/session/refresh", post(api::refresh_session))
        .route("/api/{*rest}", any(api::not_found))
        .merge(pages)
        .with_state(state.clone())
        .layer(state.sessions.layer())
        .layer(from_fn_with_state(state.clone(), csrf::guard))
        .layer(ClerkLayer::new(state.clerk.clone()).on_error(errors::clerk_error))
        .layer(from_fn(redirect::trim_trailing_slash))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
        .layer(compression())
        .layer(from_fn_with_state(state.leptos.clone(), static_files::public))
}

/// Returns the Frontend API proxy, without a timeout and without the app's headers: it answers as Clerk does.
fn proxy(clerk: &Clerk) -> Result<Router, ProxySetupError> {
    if clerk.options().proxy_url.is_none() {
        return Ok(Router::new());
    }
    let routes = frontend_api_proxy(clerk)?
        .layer(RequestBodyLimitLayer::new(PROXY_BODY_LIMIT))
        .layer(CatchPanicLayer::custom(errors::panic_response));
    // Between the local Clerk and a browser on the same machine, compression gains nothing.
    Ok(if clerk.options().local {
        routes
    } else {
        routes.layer(compression())
    })
}

/// Compresses responses other than JSON, which is small, and whose compressed length could reveal a token (BREACH).
fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/json")))
}

/// Refuses request targets that are not paths, such as those of `CONNECT` and `OPTIONS *`.
async fn require_path(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with('/') {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")]).into_response()
    }
}
