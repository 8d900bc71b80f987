use http::HeaderName;

use super::*;
use crate::backend::fixtures::{LIVE_KEY, options_with_key};

const SECRET: &str = "sk_live_deadbeef";

fn proxy(fapi_url: Option<&str>) -> Proxy {
    let mut options = options_with_key(LIVE_KEY);
    options.fapi_url = fapi_url.map(|url| Url::parse(url).unwrap());
    Proxy::new(&Configuration::new(options).unwrap())
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(name, value);
    }
    map
}

fn path_mismatch(proxy_path: &str) -> ProxyError {
    ProxyError::PathMismatch {
        proxy_path: proxy_path.to_owned(),
    }
}

fn sent(target: &str, pairs: &[(&'static str, &str)]) -> Result<ProxyRequest, ProxyError> {
    let mut all = vec![("host", "app.test")];
    all.extend_from_slice(pairs);
    proxy(None).request(&Method::GET, &target.parse().unwrap(), &headers(&all))
}

#[test]
fn paths_below_the_proxy_are_forwarded_to_the_gateway() {
    let url = |target| sent(target, &[]).map(|request| request.url.to_string());
    assert_eq!(url("/__clerk").unwrap(), "https://frontend-api.clerk.dev/");
    assert_eq!(
        url("/__clerk/v1/client?a=b%20c").unwrap(),
        "https://frontend-api.clerk.dev/v1/client?a=b%20c"
    );
    assert_eq!(url("/__clerk-admin"), Err(path_mismatch("/__clerk")));
    assert_eq!(url("/__clerk/../secret"), Err(path_mismatch("/__clerk")));
    assert_eq!(url("/__clerk/%2e%2e/secret"), Err(path_mismatch("/__clerk")));
    assert_eq!(
        url("/__clerk//evil.test/x").unwrap(),
        "https://frontend-api.clerk.dev//evil.test/x"
    );
}

#[test]
fn the_upstream_may_have_a_path() {
    let proxy = proxy(Some("http://127.0.0.1:5002/__clerk/"));
    let request = proxy
        .request(
            &Method::GET,
            &"/__clerk/v1/environment".parse().unwrap(),
            &headers(&[("host", "app.test")]),
        )
        .unwrap();
    assert_eq!(
        request.url.as_str(),
        "http://127.0.0.1:5002/__clerk/v1/environment"
    );
    assert_eq!(request.headers["host"], "127.0.0.1:5002");
}

#[test]
fn the_proxy_may_have_another_path() {
    let mut options = options_with_key(LIVE_KEY);
    options.proxy_url = Some("https://app.test/auth/clerk/".to_owned());
    let proxy = Proxy::new(&Configuration::new(options).unwrap());
    assert_eq!(proxy.path(), "/auth/clerk");
    let request = |target: &str| {
        proxy.request(
            &Method::GET,
            &target.parse().unwrap(),
            &headers(&[("host", "app.test")]),
        )
    };
    let below = request("/auth/clerk/v1/client").unwrap();
    assert_eq!(below.url.as_str(), "https://frontend-api.clerk.dev/v1/client");
    assert_eq!(below.headers["clerk-proxy-url"], "http://app.test/auth/clerk");
    let error = request("/__clerk/v1/client").unwrap_err();
    assert_eq!(error, path_mismatch("/auth/clerk"));
    assert_eq!(
        error.to_string(),
        "Request path does not match proxy path \"/auth/clerk\""
    );
}

#[test]
fn requests_describe_the_visitor_and_the_proxy() {
    let request = sent(
        "/__clerk/v1/client",
        &[("x-forwarded-for", "10.0.0.1, 10.0.0.2"), ("cookie", "a=b")],
    )
    .unwrap();
    let header = |name: &str| {
        request
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header("clerk-proxy-url").unwrap(), "http://app.test/__clerk");
    assert_eq!(header("clerk-secret-key").unwrap(), SECRET);
    assert_eq!(header("host").unwrap(), "frontend-api.clerk.dev");
    assert_eq!(header("accept-encoding").unwrap(), "identity");
    assert_eq!(header("x-forwarded-host").unwrap(), "app.test");
    assert_eq!(header("x-forwarded-proto").unwrap(), "http");
    assert_eq!(header("x-forwarded-for").unwrap(), "10.0.0.1");
    assert_eq!(header("cookie").unwrap(), "a=b");
    assert!(!format!("{request:?}").contains(SECRET));
}

#[test]
fn headers_of_an_outer_proxy_are_trusted() {
    let forwarded = [
        ("x-forwarded-host", "public.test, inner"),
        ("x-forwarded-proto", "https"),
        ("cf-connecting-ip", "192.0.2.1"),
        ("x-real-ip", "192.0.2.2"),
    ];
    let request = sent("/__clerk/v1/client", &forwarded).unwrap();
    assert_eq!(request.headers["clerk-proxy-url"], "https://public.test/__clerk");
    assert_eq!(request.headers["x-forwarded-host"], "public.test, inner");
    assert_eq!(request.headers["x-forwarded-for"], "192.0.2.1");
}

#[test]
fn hop_by_hop_headers_are_not_forwarded() {
    let pairs = [
        ("connection", "keep-alive, X-Private"),
        ("x-private", "1"),
        ("te", "trailers"),
        ("x-else", "1"),
    ];
    let request = sent("/__clerk/", &pairs).unwrap();
    for name in ["connection", "x-private", "te"] {
        assert!(!request.headers.contains_key(name), "{name}");
    }
    assert!(request.headers.contains_key("x-else"));
}

#[test]
fn responses_keep_their_cookies_and_redirects_lead_through_the_proxy() {
    let request = sent("/__clerk/v1/client", &[]).unwrap();
    let response = |location: &str| {
        let upstream = [
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("content-length", "5"),
            ("location", location),
        ];
        request.response_headers(&headers(&upstream))
    };
    let rewritten = response("/v1/oauth?x=1#y");
    assert_eq!(rewritten.get_all("set-cookie").iter().count(), 2);
    assert!(!rewritten.contains_key("content-length"));
    assert_eq!(rewritten["location"], "http://app.test/__clerk/v1/oauth?x=1#y");
    assert_eq!(
        response("https://frontend-api.clerk.dev/v1")["location"],
        "http://app.test/__clerk/v1"
    );
    assert_eq!(
        response("https://accounts.google.com/o")["location"],
        "https://accounts.google.com/o"
    );
}

#[test]
fn errors_are_those_of_the_official_package() {
    assert_eq!(path_mismatch("/__clerk").status(), 400);
    assert_eq!(ProxyError::Upstream.status(), 502);
    assert_eq!(
        ProxyError::Upstream.body()["errors"][0]["code"],
        "proxy_request_failed"
    );
}
