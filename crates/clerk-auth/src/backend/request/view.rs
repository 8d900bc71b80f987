//! The parts of an HTTP request, and its public URL.

use std::{borrow::Cow, fmt};

use http::{HeaderMap, HeaderName, Method, Uri, header};
use url::Url;

use crate::backend::javascript::truthy;

static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The parts of a request that authentication reads. Converts from [`http::request::Parts`] and
/// [`http::Request`].
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    /// The method.
    pub method: &'a Method,
    /// The request target.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
}

impl<'a> From<&'a http::request::Parts> for RequestView<'a> {
    fn from(parts: &'a http::request::Parts) -> Self {
        Self {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
        }
    }
}

impl<'a, B> From<&'a http::Request<B>> for RequestView<'a> {
    fn from(request: &'a http::Request<B>) -> Self {
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
        }
    }
}

impl fmt::Debug for RequestView<'_> {
    /// Omits the query and the headers, which contain tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView")
            .field("method", self.method)
            .field("path", &self.uri.path())
            .finish_non_exhaustive()
    }
}

/// The request target is not a path, or the `Host` header is not a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request target is not a path on this server")]
pub struct RequestTargetError;

impl RequestView<'_> {
    /// The value of a header, `None` if it is missing or empty. As in the Fetch API, repeated headers are
    /// joined and bytes are read as Latin-1.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<String> {
        self.joined(name).and_then(truthy)
    }

    /// As [`header`](Self::header), but `Some` if the header is present and empty.
    pub(crate) fn joined(&self, name: &HeaderName) -> Option<String> {
        let separator = if *name == header::COOKIE { "; " } else { ", " };
        let mut joined: Option<String> = None;
        for value in self.headers.get_all(name) {
            let text = latin1(value.as_bytes());
            match &mut joined {
                Some(joined) => {
                    joined.push_str(separator);
                    joined.push_str(text.trim());
                }
                None => joined = Some(text.trim().to_owned()),
            }
        }
        joined
    }

    /// The URL as this server sees it.
    ///
    /// # Errors
    ///
    /// The target is not a path, such as `*`, or `Host` is not a host.
    pub(crate) fn own_url(&self) -> Result<Url, RequestTargetError> {
        if !self.uri.path().starts_with('/') {
            return Err(RequestTargetError);
        }
        let host = match self.uri.authority() {
            Some(authority) => authority.to_string(),
            None => self
                .header(&header::HOST)
                .unwrap_or_else(|| "localhost".to_owned()),
        };
        let origin = format!("{}://{host}", self.uri.scheme_str().unwrap_or("http"));
        self.on_origin(&origin).ok_or(RequestTargetError)
    }

    /// The URL as the visitor sees it, according to forwarded headers: `clerkUrl` in the official package.
    ///
    /// The path is appended to the public origin, never resolved against it: `//evil.example` stays a path.
    ///
    /// # Errors
    ///
    /// As [`own_url`](Self::own_url).
    pub(crate) fn clerk_url(&self) -> Result<Url, RequestTargetError> {
        let own = self.own_url()?;
        let first = |name| {
            self.joined(name)
                .map(|text| text.split(',').next().unwrap_or_default().to_owned())
        };
        let host = first(&X_FORWARDED_HOST).or_else(|| self.header(&header::HOST));
        let proto = first(&X_FORWARDED_PROTO).unwrap_or_else(|| own.scheme().to_owned());
        match host {
            Some(host) if !host.is_empty() && !proto.is_empty() => {
                Ok(self.on_origin(&format!("{proto}://{host}")).unwrap_or(own))
            }
            _ => Ok(own),
        }
    }

    fn on_origin(&self, origin: &str) -> Option<Url> {
        let mut url = Url::parse(origin).ok().filter(Url::has_host)?;
        url.set_path(self.uri.path());
        url.set_query(self.uri.query());
        url.set_fragment(None);
        Some(url)
    }
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clerk_url(target: &str, headers: &[(&str, &str)]) -> Result<String, RequestTargetError> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        let uri: Uri = target.parse().unwrap();
        RequestView {
            method: &Method::GET,
            uri: &uri,
            headers: &map,
        }
        .clerk_url()
        .map(String::from)
    }

    #[test]
    fn forwarded_headers_determine_the_public_origin() {
        let host = ("host", "app.test:5001");
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[host], "http://app.test:5001/a?b=c"),
            (
                &[host, ("x-forwarded-host", "example.com")],
                "http://example.com/a?b=c",
            ),
            (
                &[host, ("x-forwarded-proto", "https")],
                "https://app.test:5001/a?b=c",
            ),
            (
                &[
                    host,
                    ("x-forwarded-host", "example.com:3213, b"),
                    ("x-forwarded-proto", "https,http"),
                ],
                "https://example.com:3213/a?b=c",
            ),
            // Present but empty: does not fall back to `Host`.
            (&[host, ("x-forwarded-host", "")], "http://app.test:5001/a?b=c"),
            (
                &[host, ("x-forwarded-host", "no host")],
                "http://app.test:5001/a?b=c",
            ),
            (
                &[host, ("x-forwarded-host", "evil.test/x?y#z")],
                "http://evil.test/a?b=c",
            ),
            (&[], "http://localhost/a?b=c"),
        ];
        for (headers, url) in cases {
            assert_eq!(clerk_url("/a?b=c", headers).unwrap(), url, "{headers:?}");
        }
    }

    #[test]
    fn a_path_never_becomes_a_host() {
        let headers = [("host", "app.test"), ("x-forwarded-host", "example.com")];
        assert_eq!(
            clerk_url("//evil.test/x", &headers).unwrap(),
            "http://example.com//evil.test/x"
        );
        assert_eq!(
            clerk_url("/..//evil.test", &headers).unwrap(),
            "http://example.com//evil.test"
        );
    }

    #[test]
    fn dot_segments_are_collapsed() {
        assert_eq!(
            clerk_url("/a/../b/%2e%2e/c", &[("host", "app.test")]).unwrap(),
            "http://app.test/c"
        );
    }

    #[test]
    fn http2_requests_carry_their_authority() {
        assert_eq!(
            clerk_url("https://app.test/a", &[]).unwrap(),
            "https://app.test/a"
        );
    }

    #[test]
    fn targets_that_are_not_a_path_are_rejected() {
        assert!(clerk_url("*", &[("host", "app.test")]).is_err());
        assert!(clerk_url("app.test:443", &[]).is_err());
        assert!(clerk_url("/", &[("host", "a b")]).is_err());
    }

    #[test]
    fn debug_output_has_no_tokens() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "__session=secret".parse().unwrap());
        let uri: Uri = "/a?__clerk_handshake=secret".parse().unwrap();
        let view = RequestView {
            method: &Method::GET,
            uri: &uri,
            headers: &headers,
        };
        assert!(!format!("{view:?}").contains("secret"));
    }

    proptest! {
        #[test]
        fn the_host_is_never_taken_from_the_path(path in "[/\\\\a-z.@:%]{0,20}") {
            let uri = format!("/{path}").parse::<Uri>();
            prop_assume!(uri.as_ref().is_ok_and(|uri| uri.authority().is_none()));
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "app.test".parse().unwrap());
            headers.insert(&X_FORWARDED_HOST, "example.com".parse().unwrap());
            let url = RequestView { method: &Method::GET, uri: &uri.unwrap(), headers: &headers }.clerk_url().unwrap();
            prop_assert_eq!(url.host_str(), Some("example.com"));
        }

        #[test]
        fn no_forwarded_header_panics(host in "[ -~]{0,20}", proto in "[ -~]{0,12}") {
            let _ = clerk_url("/a", &[("host", "app.test"), ("x-forwarded-host", &host), ("x-forwarded-proto", &proto)]);
        }
    }
}
