//! Protection against DNS rebinding, and CORS for pages of apps.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use url::Url;

use crate::{
    error::{ApiError, ErrorKind},
    model::{AllowedHosts, MOUNT},
};

use super::{Reply, Shared, headers};

/// Rejects requests for any host but the allowed ones, so that no web page can reach the local Clerk under a name of
/// its own (DNS rebinding); lets pages of apps at other origins call the Frontend API; and logs every request.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let host = match request.headers().get(header::HOST) {
        Some(_) => headers::one(request.headers(), header::HOST),
        None => request.uri().authority().map(http::uri::Authority::as_str),
    };
    if !host.is_some_and(|host| is_allowed(&shared.hosts, &format!("http://{host}"))) {
        let message = "The local Clerk accepts requests only for loopback hosts and those of LOCAL_CLERK_ALLOWED_HOSTS.";
        return Reply::from(ApiError::new(ErrorKind::Forbidden, "host_invalid", message)).into_response();
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    if (path.starts_with(MOUNT) || path.starts_with("/.well-known/"))
        && let Some(origin) = origin.filter(|origin| {
            origin
                .to_str()
                .is_ok_and(|origin| is_allowed(&shared.hosts, origin))
        })
    {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    tracing::debug!(%method, path, status = response.status().as_u16(), "the local Clerk (not Clerk) answered");
    response
}

fn is_allowed(hosts: &AllowedHosts, origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| hosts.allow(&url))
}
