//! The public URL of a request, from the headers that the app's proxy sets.

use http::{HeaderMap, header};
use url::Url;

use crate::{
    error::{ApiError, ErrorKind},
    model::{AllowedHosts, MOUNT, PublicUrl, is_web, own_frontend_api},
};

use super::headers::{is_repeated, one, parts};

/// Determines where the browser sees the Frontend API and the app. `own` is the host and port that the
/// local Clerk listens on.
///
/// # Errors
/// If the request comes from a page at another host than the allowed ones, or through a proxy there.
pub(super) fn of(headers: &HeaderMap, own: &str, hosts: &AllowedHosts) -> Result<PublicUrl, ApiError> {
    if is_repeated(headers, header::ORIGIN) {
        let code = "multiple_origin_header_values_forbidden";
        let message = "Setting multiple values in the 'Origin' header is forbidden";
        return Err(ApiError::bad_request(code, message));
    }
    let proxy = web_url(one(headers, "clerk-proxy-url"));
    let forwarded = forwarded_origin(headers);
    let origin = web_url(one(headers, header::ORIGIN));
    if let Some(stranger) = [&proxy, &forwarded, &origin]
        .into_iter()
        .flatten()
        .find(|url| !hosts.allow(url))
    {
        let message = format!(
            "The local Clerk does not accept requests from {}. If it is your app, add its host to \
             LOCAL_CLERK_ALLOWED_HOSTS.",
            stranger.origin().ascii_serialization()
        );
        return Err(ApiError::new(ErrorKind::Forbidden, "origin_invalid", message));
    }
    let frontend_api = proxy
        .map(|url| url.as_str().trim_end_matches('/').to_owned())
        .or_else(|| forwarded.map(|url| url.origin().ascii_serialization() + MOUNT))
        .unwrap_or_else(|| own_frontend_api(own));
    let app = origin.or_else(|| web_url(Some(&frontend_api))).map_or_else(
        || format!("http://{own}"),
        |url| url.origin().ascii_serialization(),
    );
    Ok(PublicUrl { frontend_api, app })
}

/// Returns the origin in the first of the forwarded values, which the outermost proxy has set.
fn forwarded_origin(headers: &HeaderMap) -> Option<Url> {
    let first = |name: &'static str| parts(headers, name, b',').next();
    let origin = format!("{}://{}", first("x-forwarded-proto")?, first("x-forwarded-host")?);
    web_url(Some(&origin))
}

fn web_url(text: Option<&str>) -> Option<Url> {
    Url::parse(text?).ok().filter(is_web)
}

#[cfg(test)]
mod tests {
    use url::Host;

    use super::*;

    fn hosts() -> AllowedHosts {
        AllowedHosts::new(None, &[Host::Domain("app.test".to_owned())])
    }

    fn of(headers: &HeaderMap, own: &str) -> PublicUrl {
        super::of(headers, own, &hosts()).unwrap()
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn is_derived_from_proxy_headers() {
        let own = of(&headers(&[]), "127.0.0.1:5002");
        assert_eq!(own.frontend_api, "http://127.0.0.1:5002/__clerk");
        assert_eq!(own.app, "http://127.0.0.1:5002");

        let forwarded = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "app.test, inner"),
        ];
        assert_eq!(
            of(&headers(&forwarded), "x").frontend_api,
            "https://app.test/__clerk"
        );

        let proxied = [
            ("clerk-proxy-url", "http://localhost:5001/__clerk/"),
            ("x-forwarded-host", "app.test"),
        ];
        let proxied = of(&headers(&proxied), "x");
        assert_eq!(proxied.frontend_api, "http://localhost:5001/__clerk");
        assert_eq!(proxied.app, "http://localhost:5001");

        assert_eq!(
            proxied.cross_origin_frontend_api("127.0.0.1:5002"),
            "http://127.0.0.1:5002/__clerk"
        );
        let remote = of(&headers(&forwarded), "x");
        assert_eq!(
            remote.cross_origin_frontend_api("127.0.0.1:5002"),
            remote.frontend_api
        );

        let garbage = [("clerk-proxy-url", "javascript:alert(1)"), ("origin", "null")];
        assert_eq!(of(&headers(&garbage), "127.0.0.1:5002"), own);
    }
    #[test]
    fn strangers_are_refused_in_every_header() {
        for stranger in [
            &[("origin", "https://evil.test")][..],
            &[("clerk-proxy-url", "https://evil.test/__clerk")],
            &[("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.test")],
            &[("origin", "https://app.test.evil.test")],
            &[("origin", "http://localhost.evil.test")],
            &[("origin", "http://192.168.1.5:5001")],
            &[
                ("clerk-proxy-url", "http://localhost:5001/__clerk"),
                ("origin", "https://evil.test"),
            ],
        ] {
            let error = super::of(&headers(stranger), "127.0.0.1:5002", &hosts()).unwrap_err();
            assert!(
                error.long_message().contains("LOCAL_CLERK_ALLOWED_HOSTS"),
                "{stranger:?}"
            );
        }
    }
}
