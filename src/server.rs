//! The server: axum around Clerk and the pages.
//!
//! A request arrives through `http_server::serve`, which limits what a client may take, and passes [`App`], which logs it, decides what to
//! believe of it, answers it with a static file or adds the security headers, and then the layers of
//! `router` from the outside in: the Clerk layer, the session and the page.

pub(crate) mod account;
mod api;
mod errors;
mod pages;
mod router;
mod webhooks;

use std::path::Path;

use app_server::{App, AppParts, RateLimits, SecurityHeaders, SecurityHeadersError, Sessions, SiteRoot};
use axum::Router;
use axum_clerk::{Clerk, Options, ProxySetupError, clerk_auth::OptionsError};
use http_server::{Limits, RequestIds, RequestMetrics, Trust};
use session_stores::OpenError;
use tokio::net::TcpListener;
use tower_sessions::session_store;

use self::router::AppState;
use crate::{app::PLANS, config::Config};

/// Why the server cannot be built, in one line.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Clerk(#[from] OptionsError),
    #[error("SESSION_STORE: {0}")]
    OpenSessions(#[from] OpenError),
    #[error("SESSION_STORE: the revocations cannot be read: {0}")]
    Revocations(#[from] session_store::Error),
    #[error(transparent)]
    Proxy(#[from] ProxySetupError),
    #[error(transparent)]
    SecurityHeaders(#[from] SecurityHeadersError),
}

/// The whole program except for its socket. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Server {
    app: App,
    limits: Limits,
    state: AppState,
    pages: Router,
}

impl Server {
    /// Builds the server for one Clerk instance: opens the session store and sets up the routes.
    ///
    /// # Errors
    ///
    /// A Clerk configuration that is inconsistent, or a session store that cannot be opened.
    pub async fn build(config: &Config, mut options: Options) -> Result<Self, BuildError> {
        // Shown before the first error: of a counter that appears with it, no increase is seen.
        for name in [
            "session_store_errors_total",
            "sessions_created_total",
            "sessions_ended_total",
        ] {
            metrics::counter!(name).absolute(0);
        }
        // Under `cargo leptos watch`, files change while the server runs.
        if !config.watch {
            options.pin_scripts(Path::new(&*config.leptos.site_root));
        }
        let https = config.app_url.scheme() == "https";
        let sessions = Sessions::open(&config.session, &options.secret_key, https).await?;
        sessions.load_revocations().await?;
        let clerk = Clerk::new(Options {
            revocations: Some(sessions.revocations()),
            ..options
        })?;
        let state = AppState::new(clerk, sessions);
        let pages = pages::routes(config, &state);
        Ok(Self {
            app: app(config, &state, pages.clone()).await?,
            limits: config.limits.clone(),
            state,
            pages,
        })
    }

    /// Returns the routes, for tests without a socket. They trust a peer only if the request has it as a [`ConnectInfo`].
    ///
    /// [`ConnectInfo`]: axum::extract::ConnectInfo
    pub fn router(&self) -> Router {
        Router::new().fallback_service(self.app.clone())
    }

    /// Serves until `shutdown` resolves. Then waits for the requests in progress, but not for long.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let (state, pages) = (self.state, self.pages);
        let background = tokio::spawn(async move {
            let show_plans = || state.signed_out.refresh(&state.clerk, &[PLANS], pages.clone());
            tokio::join!(
                state.sessions.delete_expired(),
                state.sessions.watch_revocations(&state.snapshots),
                state.plans.keep_fresh(show_plans),
            )
        });
        http_server::serve(listener, self.app, self.limits, shutdown).await;
        background.abort();
    }
}

async fn app(config: &Config, state: &AppState, pages: Router) -> Result<App, BuildError> {
    let https = config.app_url.scheme() == "https";
    let reload_port = config.watch.then_some(config.leptos.reload_port);
    let metrics = config.metrics_addr;
    Ok(App::new(AppParts {
        origin: config.app_url.origin().ascii_serialization(),
        trust: Trust::new(config.trust.clone()),
        rate_limits: config
            .rate_limit
            .map(|rate| RateLimits::new(rate, webhooks::PATH)),
        metrics: metrics.map(|_| RequestMetrics::new(router::patterns(state, &config.leptos))),
        files: SiteRoot::new(config.leptos.clone(), config.watch),
        proxy: router::proxy(&state.clerk, config.limits.upstream)?,
        routes: router::routes(state, config, pages).await,
        webhook_path: webhooks::PATH,
        security: SecurityHeaders::new(&state.clerk, &config.csp, reload_port, https)?,
        limit: config.limits.response,
        proxy_limit: config.limits.upstream,
        panic_response: errors::panic_response,
        request_ids: RequestIds::default(),
    }))
}
