//! Refuses what other sites make a visitor's browser send.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use url::Url;

use super::{errors::json_error, state::AppState};

/// Lets a state-changing request pass only if the browser says that the app's own pages made it, or
/// if it comes from no browser at all. The cookies' `SameSite=Lax` alone would trust every site
/// under the same registrable domain, and on localhost every port.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    );
    if safe || is_own(request.headers(), &state.app_url) {
        next.run(request).await
    } else {
        json_error(
            StatusCode::FORBIDDEN,
            "cross_site_request",
            "The request comes from another site.",
        )
    }
}

/// By the algorithm that OWASP and Go's `CrossOriginProtection` use: `Sec-Fetch-Site`, then `Origin`.
fn is_own(headers: &HeaderMap, app_url: &Url) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_pages_and_programs_pass() {
        let app_url = Url::parse("https://app.example").unwrap();
        let own = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
            is_own(&headers.collect(), &app_url)
        };
        assert!(own(&[]));
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("origin", "https://app.example")]));
        assert!(own(&[
            ("origin", "http://localhost:5001"),
            ("host", "localhost:5001")
        ]));
        // The app behind a proxy that rewrites Host.
        assert!(own(&[("origin", "https://app.example"), ("host", "10.0.0.7:80")]));

        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example")
        ]));
        assert!(!own(&[
            ("origin", "https://evil.example"),
            ("host", "app.example")
        ]));
        assert!(!own(&[
            ("origin", "http://localhost:3000"),
            ("host", "localhost:5001")
        ]));
        assert!(!own(&[("origin", "null"), ("host", "app.example")]));
    }
}
