//! Protection against cross-site request forgery.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use url::Url;

use super::errors::json_error;

/// Lets a state-changing request pass only if the app's own pages made it according to the browser, or if no browser
/// sent it. The cookies' `SameSite=Lax` alone would trust every site under the same registrable domain, and on
/// localhost every port.
pub(crate) async fn guard(State(app_url): State<Url>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_origin(request.headers(), &app_url) {
        next.run(request).await
    } else {
        json_error(
            StatusCode::FORBIDDEN,
            "cross_site_request",
            "The request comes from another site.",
        )
    }
}

/// Checks `Sec-Fetch-Site`, then `Origin`, as OWASP recommends and Go's `CrossOriginProtection` does.
fn is_same_origin(headers: &HeaderMap, app_url: &Url) -> bool {
    let value = |name| {
        headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str().unwrap_or("invalid"))
    };
    let origin = value("origin");
    match value("sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => origin.is_some_and(|origin| origin == app_url.origin().ascii_serialization()),
        None => origin.is_none_or(|origin| {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            origin == app_url.origin().ascii_serialization()
                || Url::parse(origin)
                    .is_ok_and(|url| host == Some(&url[url::Position::BeforeHost..url::Position::AfterPort]))
        }),
    }
}
