//! What authentication reads of a request, and the public URL it was made for.

use std::fmt;

use http::{HeaderMap, HeaderName, Method, Uri, header};
use url::Url;

static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What authentication reads of a request.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
}

impl fmt::Debug for RequestView<'_> {
    /// Without query and headers, which carry tokens.
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
    /// The values of a header as one text, `None` when there is nothing in it. As in the Fetch API,
    /// repeated headers are joined and bytes are read as Latin-1.
    pub(super) fn header(&self, name: &HeaderName) -> Option<String> {
        self.joined(name).filter(|text| !text.is_empty())
    }

    /// As [`header`](Self::header), but there with nothing in it.
    pub(super) fn joined(&self, name: &HeaderName) -> Option<String> {
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
    /// A target that is not a path, such as `*`; a `Host` that makes no URL.
    pub(super) fn own_url(&self) -> Result<Url, RequestTargetError> {
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

    /// The URL as the visitor sees it, told by forwarded headers: Clerk's `clerkUrl`.
    ///
    /// The path is put on the public origin, never resolved against it: `//evil.example` stays a path.
    ///
    /// # Errors
    /// As [`own_url`](Self::own_url).
    pub(super) fn clerk_url(&self) -> Result<Url, RequestTargetError> {
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

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
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
    fn forwarded_headers_tell_the_public_origin() {
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
            // Present but empty: no fall back to `Host`.
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
    fn targets_that_are_no_path_are_refused() {
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
            if let Ok(uri) = format!("/{path}").parse::<Uri>() && uri.authority().is_none() {
                let mut headers = HeaderMap::new();
                headers.insert(header::HOST, "app.test".parse().unwrap());
                headers.insert(&X_FORWARDED_HOST, "example.com".parse().unwrap());
                let url = RequestView { method: &Method::GET, uri: &uri, headers: &headers }.clerk_url();
                let host = url.unwrap();
                prop_assert_eq!(host.host_str(), Some("example.com"));
            }
        }

        #[test]
        fn no_forwarded_header_panics(host in "[ -~]{0,20}", proto in "[ -~]{0,12}") {
            let _ = clerk_url("/a", &[("host", "app.test"), ("x-forwarded-host", &host), ("x-forwarded-proto", &proto)]);
        }
    }
}
