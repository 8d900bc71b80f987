//! The whole server as one service.

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_clerk::{CspNonce, is_ambiguous_path, is_same_origin};
use futures_util::{FutureExt, future::BoxFuture};
use http_server::{Client, RequestIds, RequestMetrics, Trust, X_REQUEST_ID};
use tokio::time::{error::Elapsed, timeout};
use tower::Service;
use tracing::Instrument;

use crate::{
    RateLimits, SecurityHeaders, SiteRoot, csp_report, health, json_error, refuse, trim_trailing_slash,
};

/// The slowest upload through the Frontend API proxy, in bytes a second.
const MIN_UPLOAD_RATE: u64 = 50_000;

/// Does what every request needs, in one future around the routes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<AppParts>);

/// Returns the response in place of a route that has panicked, with this payload.
pub type PanicResponse = fn(Box<dyn Any + Send>) -> Response;

/// What an [`App`] consists of.
#[derive(Debug)]
pub struct AppParts {
    /// The app's own origin, as browsers send it.
    pub origin: String,
    /// What to believe of a request.
    pub trust: Trust,
    /// Limits on how often a client may do what is costly, if there are any.
    pub rate_limits: Option<RateLimits>,
    /// `None` if nobody asks for them.
    pub metrics: Option<RequestMetrics>,
    /// The files of the site.
    pub files: SiteRoot,
    /// The routes of the Frontend API proxy below its path, if it is used.
    pub proxy: Option<(String, Router)>,
    /// All other routes.
    pub routes: Router,
    /// The path at which webhooks are received.
    pub webhook_path: &'static str,
    /// The headers of every response.
    pub security: SecurityHeaders,
    /// The time until the head of a response.
    pub limit: Duration,
    /// The time until the head of a response of the Frontend API.
    pub proxy_limit: Duration,
    /// Answers in place of a route that has panicked.
    pub panic_response: PanicResponse,
    /// The IDs of requests.
    pub request_ids: RequestIds,
}

impl App {
    /// Creates the service.
    #[must_use]
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Service<Request> for App {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let parts = Arc::clone(&self.0);
        let client = parts.trust.clean(&mut request);
        let id = parts.request_ids.of(request.headers());
        // Without the query, because Clerk's parameters are tokens. As an error, so that every line about the request has it,
        // whichever the log filter lets through.
        let span = tracing::error_span!(
            "request",
            id = id.to_str().unwrap_or_default(),
            method = %request.method(),
            path = request.uri().path(),
            %client,
        );
        let logged = async move {
            let start = Instant::now();
            let is_health_check = health::PATHS.contains(&request.uri().path());
            let metrics = parts.metrics.as_ref();
            let counted =
                metrics.map(|metrics| (metrics.route(request.uri().path()), request.method().clone()));
            let mut response = parts.respond(request, client).await;
            // Why the visitor does not count as signed in.
            let auth_reason = response.headers().get("x-clerk-auth-reason").cloned();
            let auth_reason = auth_reason.as_ref().and_then(|reason| reason.to_str().ok());
            response.headers_mut().insert(X_REQUEST_ID, id);
            let (status, elapsed) = (response.status(), start.elapsed());
            if let Some((route, method)) = counted {
                RequestMetrics::count(route, &method, status, elapsed);
            }
            let (status, elapsed_ms) = (status.as_u16(), elapsed.as_secs_f64() * 1e3);
            if is_health_check {
                tracing::debug!(status, elapsed_ms, auth_reason, "request answered");
            } else {
                tracing::info!(status, elapsed_ms, auth_reason, "request answered");
            }
            Ok(response)
        };
        Box::pin(logged.instrument(span))
    }
}

impl AppParts {
    async fn respond(&self, mut request: Request, client: Client) -> Response {
        // `CONNECT` and `OPTIONS *` have no path.
        if !request.uri().path().starts_with('/') {
            return (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")]).into_response();
        }
        if let Some(mut response) = self.refuse_other_host(&request) {
            self.security.apply(response.headers_mut(), &CspNonce::new());
            return response;
        }
        if let Some((proxy_path, proxy)) = &self.proxy
            && let Some(path) = request.uri().path().strip_prefix(proxy_path.as_str())
            && (path.is_empty() || path.starts_with('/'))
        {
            let limits = self.rate_limits.as_ref();
            let mut response = match limits.and_then(|limits| limits.refuse_proxied(path, client)) {
                Some(refused) => refused,
                None => self.forward(proxy, request).await,
            };
            self.security.apply_to_proxied(response.headers_mut());
            return response;
        }
        let nonce = CspNonce::new();
        request.extensions_mut().insert(nonce.clone());
        let early = refuse_ambiguous_path(request.uri().path())
            .or_else(|| self.files.response_to(&request))
            .or_else(|| trim_trailing_slash(request.uri()))
            .or_else(|| self.refuse_cross_site(&request))
            .or_else(|| self.rate_limits.as_ref()?.refuse(&request, client));
        let mut response = match early {
            Some(response) => response,
            None => route(&self.routes, request, self.limit, self.panic_response)
                .await
                .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response()),
        };
        if self.metrics.is_some() {
            count_decision(response.headers());
        }
        self.security.apply(response.headers_mut(), &nonce);
        response
    }

    /// Answers requests for other hosts. Load balancers check the health of a server by its address.
    fn refuse_other_host(&self, request: &Request) -> Option<Response> {
        if health::PATHS.contains(&request.uri().path()) || self.trust.allows_host_of(request) {
            return None;
        }
        let host = text(request.headers(), "x-forwarded-host").or(text(request.headers(), "host"));
        let host = host.unwrap_or_default();
        let detail = format!("{host:?} is not in ALLOWED_HOSTS");
        let message = "This server does not answer requests for this host.";
        let status = StatusCode::MISDIRECTED_REQUEST;
        Some(refuse(status, "misdirected_request", message, &detail))
    }

    /// Passes a request on to the Frontend API. Clerk limits attempts by the `X-Forwarded-For` that [`Trust::clean`] has left.
    async fn forward(&self, proxy: &Router, request: Request) -> Response {
        let limit = self.proxy_limit + upload_time(&request);
        route(proxy, request, limit, self.panic_response)
            .await
            .unwrap_or_else(|_| {
                tracing::warn!("the Frontend API did not answer in time");
                let message = "The Frontend API did not answer in time.";
                json_error(StatusCode::GATEWAY_TIMEOUT, "proxy_request_failed", message)
            })
    }

    /// Answers state-changing requests of other sites.
    fn refuse_cross_site(&self, request: &Request) -> Option<Response> {
        let is_allowed = request.method().is_safe()
            // Webhooks are signed, whoever delivers them, and reports change nothing.
            || [self.webhook_path, csp_report::PATH].contains(&request.uri().path())
            || is_same_origin(request.headers(), &self.origin);
        if is_allowed {
            return None;
        }
        let origin = request.headers().get(header::ORIGIN);
        let message = "The request comes from another site.";
        let detail = format!("Origin: {origin:?}");
        Some(refuse(
            StatusCode::FORBIDDEN,
            "cross_site_request",
            message,
            &detail,
        ))
    }
}

/// Answers requests whose path the routes and the pages would read differently.
fn refuse_ambiguous_path(path: &str) -> Option<Response> {
    let message = "The path contains a dot segment, a backslash or a NUL.";
    is_ambiguous_path(path).then(|| refuse(StatusCode::BAD_REQUEST, "ambiguous_path", message, message))
}

/// Calls the routes, and answers in their place if they panic. Fails if they have no response in time. A response that is
/// ready at once sets no timer.
async fn route(
    routes: &Router,
    request: Request,
    limit: Duration,
    panic_response: PanicResponse,
) -> Result<Response, Elapsed> {
    let response = AssertUnwindSafe(routes.clone().call(request)).catch_unwind();
    match timeout(limit, response).await? {
        Ok(Ok(response)) => Ok(response),
        Err(panic) => Ok(panic_response(panic)),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Returns how long the body of a request may take to arrive. Browsers announce its length.
fn upload_time(request: &Request) -> Duration {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length: Option<u64> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    Duration::from_secs(length.unwrap_or_default() / MIN_UPLOAD_RATE)
}

/// Counts what the Clerk layer decided about a request, which its response says.
fn count_decision(headers: &HeaderMap) {
    let label = |name| text(headers, name).map(str::to_owned);
    if let Some(status) = label("x-clerk-auth-status") {
        let reason = label("x-clerk-auth-reason").unwrap_or_default();
        metrics::counter!("clerk_auth_decisions_total", "status" => status, "reason" => reason).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};

    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_handler_becomes_the_apps_response() {
        let routes = Router::new().route("/", get(async || -> &str { panic!("a detail") }));
        let request = Request::new(Body::empty());
        let limit = Duration::from_secs(30);
        let response = route(&routes, request, limit, |_| {
            StatusCode::IM_A_TEAPOT.into_response()
        })
        .await;
        assert_eq!(response.unwrap().status(), StatusCode::IM_A_TEAPOT);
    }
}
