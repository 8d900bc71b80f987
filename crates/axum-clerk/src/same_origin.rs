use http::{HeaderMap, HeaderValue, header};
use url::{Position, Url};

/// Checks whether the application's own pages made a request according to the browser, or no browser sent it. Protects
/// against cross-site request forgery: refuse state-changing requests for which it is false. `app_origin` is the
/// application's own origin, such as `https://app.example`.
///
/// The cookies' `SameSite=Lax` alone would trust every site under the same registrable domain, and on localhost every
/// port. Reads `Sec-Fetch-Site`, then `Origin`, as
/// [OWASP recommends](https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#fetch-metadata-headers).
///
/// ```
/// use axum_clerk::is_same_origin;
/// use http::{HeaderMap, HeaderName, HeaderValue};
///
/// let headers = |site| {
///     HeaderMap::from_iter([(
///         HeaderName::from_static("sec-fetch-site"),
///         HeaderValue::from_static(site),
///     )])
/// };
/// assert!(is_same_origin(&headers("same-origin"), "https://app.example"));
/// assert!(!is_same_origin(&headers("same-site"), "https://app.example"));
/// ```
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, app_origin: &str) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or("invalid").to_owned();
    let origin = headers.get(header::ORIGIN).map(text);
    match headers.get("sec-fetch-site").map(text).as_deref() {
        Some("same-origin" | "none") => true,
        Some(_) => origin.is_some_and(|origin| origin == app_origin),
        None => origin.is_none_or(|origin| {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            origin == app_origin
                || Url::parse(&origin)
                    .is_ok_and(|url| host == Some(&url[Position::BeforeHost..Position::AfterPort]))
        }),
    }
}
