//! The Frontend API proxy. Forwards requests by the rules of [`clerk_auth::Proxy`].

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, HttpBody},
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use clerk_auth::{Clerk, ProxyError, ProxyRequest};
use http::header;

/// Limits connecting only: how long a response takes is up to the Frontend API.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The HTTP client of the Frontend API proxy could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client of the Frontend API proxy could not be set up: {0}")]
pub struct ProxySetupError(#[source] reqwest::Error);

/// Returns the routes of the Frontend API proxy at [`Proxy::path`](clerk_auth::Proxy::path), by default `/__clerk`,
/// through which browsers reach Clerk at the application's own origin. Merge them into the application's router if
/// the instance has a proxy URL.
///
/// Requests and responses are streamed. The proxy sets neither timeouts nor body limits, so add those you want as
/// layers. It needs no [`ClerkLayer`](crate::ClerkLayer).
///
/// # Errors
///
/// The HTTP client cannot be set up.
///
/// ```
/// use axum::Router;
/// use axum_clerk::{Clerk, ProxySetupError, frontend_api_proxy};
///
/// fn app(clerk: &Clerk) -> Result<Router, ProxySetupError> {
///     Ok(Router::new().merge(frontend_api_proxy(clerk)?))
/// }
/// ```
pub fn frontend_api_proxy<S>(clerk: &Clerk) -> Result<Router<S>, ProxySetupError>
where
    S: Clone + Send + Sync + 'static,
{
    let mut http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT);
    if clerk.options().local {
        // A proxy named by HTTP_PROXY could not reach this machine's loopback.
        http = http.no_proxy();
    }
    let forwarder = Arc::new(Forwarder {
        clerk: clerk.clone(),
        http: http.build().map_err(ProxySetupError)?,
    });
    let path = clerk.proxy().path();
    Ok(Router::new()
        .route(path, any(forward))
        .route(&format!("{path}/"), any(forward))
        .route(&format!("{path}/{{*rest}}"), any(forward))
        .with_state(forwarder))
}

#[derive(Debug)]
struct Forwarder {
    clerk: Clerk,
    http: reqwest::Client,
}

impl Forwarder {
    /// Forwards a request and its response; both bodies are streamed.
    async fn forward(&self, request: Request) -> Result<Response, ProxyError> {
        let (parts, body) = request.into_parts();
        let forwarded = self
            .clerk
            .proxy()
            .request(&parts.method, &parts.uri, &parts.headers)?;
        let ProxyRequest { url, headers, .. } = &forwarded;
        let mut outgoing = self
            .http
            .request(parts.method, url.clone())
            .headers(headers.clone());
        if !body.is_end_stream() {
            outgoing = outgoing.body(reqwest::Body::wrap_stream(body.into_data_stream()));
        }
        let response = outgoing.send().await.map_err(|error| {
            // Without the URL, whose query may carry tokens.
            tracing::warn!(error = %error.without_url(), "the Frontend API could not be reached");
            ProxyError::Upstream
        })?;
        let (status, headers) = (response.status(), forwarded.response_headers(response.headers()));
        Ok((status, headers, Body::from_stream(response.bytes_stream())).into_response())
    }
}

async fn forward(State(forwarder): State<Arc<Forwarder>>, request: Request) -> Response {
    forwarder.forward(request).await.unwrap_or_else(|error| {
        (
            error.status(),
            [(header::CACHE_CONTROL, "no-store")],
            Json(error.body()),
        )
            .into_response()
    })
}
