//! Whatever path, host and redirect the proxy is given, it sends requests to the Frontend API only, and rewrites redirects to
//! paths of its own.
#![no_main]

use clerk_auth::is_ambiguous_path;
use clerk_auth_fuzz::instances;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let [path, host, forwarded, location] = [(); 4].map(|()| parts.next().unwrap_or_default());
    let prefixed = [b"/__clerk", path].concat();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", host),
        ("x-forwarded-host", forwarded),
        ("x-forwarded-proto", b"https"),
    ] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    for uri in [path, &prefixed] {
        let Ok(uri) = Uri::try_from(uri) else { continue };
        if !is_ambiguous_path(uri.path()) {
            let mut segments = uri.path().split('/');
            assert!(
                !segments.any(|segment| matches!(segment, "." | ".." | "%2e%2E" | ".%2e")),
                "{uri}"
            );
        }
        for clerk in instances() {
            let upstream = clerk.options().fapi_url.as_ref().unwrap();
            let Ok(request) = clerk.proxy().request(&Method::GET, &uri, &headers) else {
                continue;
            };
            assert_eq!(request.url.origin(), upstream.origin(), "{uri}");
            assert!(
                request.url.username().is_empty() && request.url.password().is_none(),
                "{uri}"
            );
            assert_eq!(request.headers["host"], upstream.host_str().unwrap(), "{uri}");

            let Ok(location) = HeaderValue::from_bytes(location) else {
                continue;
            };
            let answer = HeaderMap::from_iter([(header::LOCATION, location.clone())]);
            let sent = request.response_headers(&answer)[header::LOCATION].clone();
            assert!(
                sent == location || sent.as_bytes().starts_with(b"/__clerk"),
                "{location:?} {sent:?}"
            );
        }
    }
});
