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
        &[
            ("x-forwarded-for", "10.0.0.1, 10.0.0.2"),
            ("cookie", "__client=b"),
        ],
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
    assert_eq!(header("cookie").unwrap(), "__client=b");
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
fn the_origin_is_that_of_pages() {
    for (host, forwarded, origin) in [
        (
            "app.test",
            &[("x-forwarded-proto", "https")][..],
            "https://app.test",
        ),
        (
            "app.test:8443",
            &[("x-forwarded-proto", "https")],
            "https://app.test:8443",
        ),
        (
            "app.test",
            &[("x-forwarded-host", "public.test")],
            "http://public.test",
        ),
        ("[2001:db8::1]:80", &[], "http://[2001:db8::1]"),
        (
            "app.test",
            &[("x-forwarded-proto", "javascript")],
            "http://app.test",
        ),
    ] {
        let mut all = vec![("host", host)];
        all.extend_from_slice(forwarded);
        let target = "/__clerk/v1/client".parse().unwrap();
        let request = proxy(None).request(&Method::GET, &target, &headers(&all));
        let expected = format!("{origin}/__clerk");
        assert_eq!(
            request.unwrap().headers["clerk-proxy-url"],
            expected,
            "{host} {forwarded:?}"
        );
    }
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
fn only_cookies_of_clerk_are_forwarded() {
    let forwarded = |cookies: &[&str]| {
        let pairs: Vec<_> = cookies.iter().map(|cookies| ("cookie", *cookies)).collect();
        let request = sent("/__clerk/v1/client", &pairs).unwrap();
        let values = request.headers.get_all("cookie");
        values
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for own in [
        "app_session=x",
        "session=x",
        "a=__client=b",
        "__Host-session=x",
        "__Secure-__client=x",
        "client=x",
        " =__session",
    ] {
        assert_eq!(forwarded(&[own]), [""; 0], "{own}");
        let beside = format!("{own}; __client=1;__client_uat_x=2;{own}");
        assert_eq!(forwarded(&[&beside]), ["__client=1; __client_uat_x=2"], "{own}");
    }
    let of_clerk = "__session=1; __session_x=2; __client=3; __client_uat=4; __clerk_db_jwt=5; __clerk_handshake=6; \
                    __refresh_x=7; __dev_session=8; clerk_active_context=9; __cf_bm=10; _cfuvid=11";
    assert_eq!(forwarded(&[of_clerk]), [of_clerk]);
    assert_eq!(
        forwarded(&["a=b; __client=1", "c=d", "__session=2; e=f"]),
        ["__client=1", "__session=2"]
    );
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
    assert_eq!(rewritten["location"], "/__clerk/v1/oauth?x=1#y");
    assert_eq!(
        response("https://frontend-api.clerk.dev/v1")["location"],
        "/__clerk/v1"
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

#[test]
fn methods_that_could_return_the_secret_key_are_refused() {
    for method in [Method::TRACE, Method::CONNECT] {
        let refused = proxy(None).request(
            &method,
            &Uri::from_static("/__clerk/v1/client"),
            &HeaderMap::new(),
        );
        let error = refused.unwrap_err();
        assert_eq!(error, ProxyError::Method);
        assert_eq!(error.status(), 405);
    }
}
