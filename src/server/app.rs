//! The whole server as one service.

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::{CspNonce, is_same_origin};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::time::timeout;
use tower::Service;
use tracing::Instrument;

use super::{
    BuildError, errors, redirect,
    router::{self, AppState},
    security::SecurityHeaders,
    static_files::SiteRoot,
    webhooks,
};
use crate::config::Config;

/// Limits the time until the head of the response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Does what every request needs, in one future around the routes. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    /// The app's own origin, as browsers send it.
    origin: String,
    files: SiteRoot,
    /// The routes of the Frontend API proxy below its path, if it is used.
    proxy: Option<(String, Router)>,
    routes: Router,
    security: SecurityHeaders,
}

impl App {
    pub(crate) async fn new(config: &Config, state: &AppState) -> Result<Self, BuildError> {
        Ok(Self(Arc::new(Parts {
            origin: config.app_url.origin().ascii_serialization(),
            files: SiteRoot::new(config.leptos.clone(), config.watch),
            proxy: router::proxy(&state.clerk)?,
            routes: router::routes(state, &config.leptos).await,
            security: SecurityHeaders::new(&state.clerk, config)?,
        })))
    }
}

impl Service<Request> for App {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let parts = Arc::clone(&self.0);
        // Without the query, because Clerk's parameters are tokens.
        let span = tracing::info_span!("request", method = %request.method(), path = request.uri().path());
        let logged = async move {
            let start = Instant::now();
            let response = parts.respond(request).await;
            tracing::debug!(status = response.status().as_u16(), elapsed = ?start.elapsed(), "request finished");
            Ok(response)
        };
        Box::pin(logged.instrument(span))
    }
}

impl Parts {
    async fn respond(&self, mut request: Request) -> Response {
        let path = request.uri().path();
        // `CONNECT` and `OPTIONS *` have no path.
        if !path.starts_with('/') {
            return (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")]).into_response();
        }
        if let Some((proxy_path, proxy)) = &self.proxy
            && path
                .strip_prefix(proxy_path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            return route(proxy, request, Duration::MAX).await;
        }
        let nonce = CspNonce::new();
        request.extensions_mut().insert(nonce.clone());
        let early = self
            .files
            .response_to(&request)
            .or_else(|| redirect::trim_trailing_slash(request.uri()))
            .or_else(|| self.refuse_cross_site(&request));
        let mut response = match early {
            Some(response) => response,
            None => route(&self.routes, request, TIMEOUT).await,
        };
        self.security.apply(response.headers_mut(), &nonce);
        response
    }

    /// Answers state-changing requests of other sites.
    fn refuse_cross_site(&self, request: &Request) -> Option<Response> {
        let is_allowed = request.method().is_safe()
            // Webhooks are signed, whoever delivers them.
            || request.uri().path() == webhooks::PATH
            || is_same_origin(request.headers(), &self.origin);
        let message = "The request comes from another site.";
        (!is_allowed).then(|| errors::json_error(StatusCode::FORBIDDEN, "cross_site_request", message))
    }
}

/// Calls the routes. Answers in their place if they panic, or have no response in time. A response that is ready at once
/// sets no timer.
async fn route(routes: &Router, request: Request, limit: Duration) -> Response {
    let response = AssertUnwindSafe(routes.clone().call(request)).catch_unwind();
    match timeout(limit, response).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Err(panic)) => errors::panic_response(panic),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
