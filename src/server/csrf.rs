//! Protection against cross-site request forgery.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use url::Url;

use super::{errors::json_error, webhooks};

/// Refuses a state-changing request unless the app's own pages made it according to the browser, or no browser sent it.
/// The cookies' `SameSite=Lax` alone would trust every site under the same registrable domain, and on localhost every
/// port.
pub(crate) fn refuse(request: &Request, app_origin: &str) -> Option<Response> {
    let is_allowed = request.method().is_safe()
        // Webhooks are signed, whoever delivers them.
        || request.uri().path() == webhooks::PATH
        || is_same_origin(request.headers(), app_origin);
    (!is_allowed).then(|| {
        json_error(
            StatusCode::FORBIDDEN,
            "cross_site_request",
            "The request comes from another site.",
        )
    })
}

/// Checks `Sec-Fetch-Site`, then `Origin`, as OWASP recommends and Go's `CrossOriginProtection` does.
fn is_same_origin(headers: &HeaderMap, app_origin: &str) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or("invalid").to_owned();
    let origin = headers.get(header::ORIGIN).map(text);
    let is_app = |origin: &str| origin == app_origin;
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
