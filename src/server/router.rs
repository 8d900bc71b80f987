//! The routes and their layers.

use std::time::Duration;

use app_server::{
    Sessions, UserLimitLayer, csp_report,
    health::{self, Readiness},
    search_engines,
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use axum_clerk::{
    Clerk, ClerkLayer, KeptFormsLayer, ProtectPathsLayer, ProxySetupError, PublicPlans, SignedOutPages,
    UserSnapshots, frontend_api_proxy,
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
    map_request_body::MapRequestBodyLayer,
    timeout::ResponseBodyTimeoutLayer,
};

use super::{api, errors, pages, webhooks};
use crate::{
    app::{LISTED, PROTECTED, SAME_WHEN_SIGNED_OUT},
    config::Config,
};

/// More than any page or server function of the app accepts.
const BODY_LIMIT: usize = 1024 * 1024;

/// Enough for a profile image of ten megabytes in a multipart form.
const PROXY_BODY_LIMIT: usize = 12 * 1024 * 1024;

const ME: &str = "/api/me";
const REFRESH_SESSION: &str = "/api/session/refresh";

/// What the handlers take as `State`, each the part that it needs. Cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub(crate) struct AppState {
    pub(super) clerk: Clerk,
    pub(super) sessions: Sessions,
    readiness: Readiness,
    pub(super) snapshots: UserSnapshots,
    pub(super) plans: PublicPlans,
    pub(super) signed_out: SignedOutPages,
}

impl AppState {
    pub(crate) fn new(clerk: Clerk, sessions: Sessions) -> Self {
        Self {
            snapshots: UserSnapshots::new(clerk.clone()),
            plans: PublicPlans::new(clerk.clone()),
            signed_out: SignedOutPages::default(),
            clerk,
            sessions,
            readiness: Readiness::default(),
        }
    }
}

/// Routes everything but the static files and the Frontend API proxy, around the pages.
pub(crate) async fn routes(state: &AppState, config: &Config, pages: Router) -> Router {
    // One stack around one service: axum clones and boxes what `Router::layer` adds for each request.
    let dynamic = ServiceBuilder::new()
        .layer(compression())
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(MapRequestBodyLayer::new(Body::new))
        .layer(KeptFormsLayer)
        .layer(ClerkLayer::new(state.clerk.clone()).on_error(errors::clerk_error))
        .layer(UserLimitLayer::new(config.rate_limit))
        .layer(state.sessions.layer())
        .service(pages_and_api(state, pages).await);
    Router::new()
        .route(health::HEALTHZ, get(health::healthz))
        .route(health::READYZ, get(health::readyz))
        .route(
            webhooks::PATH,
            post(webhooks::receive).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(state.clone())
        .merge(csp_report::routes())
        .merge(search_engines::routes(
            &config.app_url.origin().ascii_serialization(),
            &LISTED,
            &["/profile", "/api/"],
        ))
        .fallback_service(dynamic)
}

/// Returns the patterns of all routes, for the metrics.
pub(crate) fn patterns(state: &AppState, leptos: &LeptosOptions) -> Vec<String> {
    let mut patterns = pages::paths();
    patterns.extend(
        [
            health::HEALTHZ,
            health::READYZ,
            webhooks::PATH,
            csp_report::PATH,
            search_engines::ROBOTS,
            search_engines::SITEMAP,
            ME,
            REFRESH_SESSION,
        ]
        .map(str::to_owned),
    );
    patterns.push(format!("/{}/{{*file}}", leptos.site_pkg_dir));
    patterns.push(format!("{}/{{*rest}}", state.clerk.proxy().path()));
    patterns
}

/// Routes everything that depends on the caller.
async fn pages_and_api(state: &AppState, pages: Router) -> Router {
    let signed_out = &state.signed_out;
    signed_out
        .refresh(&state.clerk, &SAME_WHEN_SIGNED_OUT, pages.clone())
        .await;
    let pages = ServiceBuilder::new()
        .layer(ProtectPathsLayer::new(PROTECTED))
        .layer(state.snapshots.layer())
        .layer(signed_out.layer())
        .service(pages);
    Router::new()
        .route(ME, get(api::me))
        .route(REFRESH_SESSION, post(api::refresh_session))
        .with_state(state.clone())
        .fallback_service(pages)
}

/// Returns the path and the routes of the Frontend API proxy, without the app's headers: it answers as Clerk does. `limit`
/// is the time between two parts of a response.
pub(crate) fn proxy(clerk: &Clerk, limit: Duration) -> Result<Option<(String, Router)>, ProxySetupError> {
    if clerk.options().proxy_url.is_none() {
        return Ok(None);
    }
    let routes = frontend_api_proxy(clerk)?
        .layer(RequestBodyLimitLayer::new(PROXY_BODY_LIMIT))
        .layer(ResponseBodyTimeoutLayer::new(limit));
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
