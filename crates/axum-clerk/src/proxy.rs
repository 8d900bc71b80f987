//! `/__clerk/*`: the Frontend API proxy. Moves the bytes by the rules of [`clerk::proxy`](crate::clerk::proxy).

use std::time::Duration;

use axum::{
    Json, Router,
    body::{Body, HttpBody},
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
    routing::any,
};

use super::config::Instance;
use crate::clerk::{
    Clerk,
    proxy::{PROXY_PATH, ProxyError, ProxyRequest},
};

/// Once connected there is no limit: how long an answer may take is up to the Frontend API.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests on to the Frontend API. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Forwarder {
    clerk: Clerk,
    http: reqwest::Client,
    is_local: bool,
}

impl Forwarder {
    /// None where browsers reach the Frontend API directly.
    pub(crate) fn new(clerk: &Clerk, instance: &Instance) -> Result<Option<Self>, reqwest::Error> {
        if instance.proxy_url.is_none() {
            return Ok(None);
        }
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT);
        if instance.local {
            // What HTTP_PROXY names could not reach this machine's loopback.
            http = http.no_proxy();
        }
        Ok(Some(Self {
            clerk: clerk.clone(),
            http: http.build()?,
            is_local: instance.local,
        }))
    }

    pub(crate) const fn is_local(&self) -> bool {
        self.is_local
    }

    pub(crate) fn routes(self) -> Router {
        Router::new()
            .route(PROXY_PATH, any(forward))
            .route(&format!("{PROXY_PATH}/"), any(forward))
            .route(&format!("{PROXY_PATH}/{{*rest}}"), any(forward))
            .with_state(self)
    }

    /// Both bodies are streamed.
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
        let answer = outgoing.send().await.map_err(|error| {
            // Without the URL, whose query may carry tokens.
            tracing::warn!(error = %error.without_url(), "the Frontend API could not be reached");
            ProxyError::Upstream
        })?;
        let (status, headers) = (answer.status(), forwarded.response_headers(answer.headers()));
        Ok((status, headers, Body::from_stream(answer.bytes_stream())).into_response())
    }
}

async fn forward(State(forwarder): State<Forwarder>, request: Request) -> Response {
    forwarder.forward(request).await.unwrap_or_else(|error| {
        (
            error.status(),
            [(header::CACHE_CONTROL, "no-store")],
            Json(error.body()),
        )
            .into_response()
    })
}
