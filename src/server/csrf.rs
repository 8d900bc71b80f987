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
    let text = |value: &HeaderValue| value.to_str().unwrap_or("invalid").to_owned();
    let origin = headers.get(header::ORIGIN).map(text);
    let is_app = |origin: &str| origin == app_url.origin().ascii_serialization();
    match headers.get("sec-fetch-site").map(text).as_deref() {
        Some("same-origin" | "none") => true,
        Some(_) => origin.is_some_and(|origin| is_app(&origin)),
        None => origin.is_none_or(|origin| {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            is_app(&origin)
                || Url::parse(&origin)
                    .is_ok_and(|url| host == Some(&url[url::Position::BeforeHost..url::Position::AfterPort]))
        }),
    }
}
