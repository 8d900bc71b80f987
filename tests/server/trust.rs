//! Whose forwarded headers are believed, and which origin follows from them.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::{Log, TestApp, TestRequest};

pub(crate) type Headers = &'static [(&'static str, &'static str)];

/// Everything that a proxy may say about a request.
const FORWARDED: Headers = &[
    ("x-forwarded-for", "203.0.113.7"),
    ("x-forwarded-host", "public.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "443"),
    ("forwarded", "for=203.0.113.7;host=public.example;proto=https"),
    ("x-real-ip", "203.0.113.7"),
    ("cf-connecting-ip", "203.0.113.7"),
    ("cloudfront-forwarded-proto", "https"),
];

/// A request with only these headers.
pub(crate) fn get(app: &TestApp, path: &str, headers: Headers) -> TestRequest {
    let request = app.get(path).without_headers();
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(name, value))
}

/// The headers that the Frontend API receives.
async fn proxied(request: TestRequest) -> Value {
    let reply = request.send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()["headers"].clone()
}

/// The origin to which the proxy sends visitors back.
async fn proxy_origin(request: TestRequest) -> String {
    let url = proxied(request).await["clerk-proxy-url"].clone();
    let origin = url.as_str().unwrap().strip_suffix("/__clerk");
    origin.unwrap().to_owned()
}

/// The origin of a page, by the handshake that it starts.
async fn page_origin(request: TestRequest) -> String {
    let cookies = "__session=not.a.jwt; __client_uat=x";
    let reply = request.document().cookies(cookies).send().await;
    let location = reply.header("location");
    let origin = location.split_once("/__clerk/v1/client/handshake?");
    origin.unwrap_or_else(|| panic!("{location}")).0.to_owned()
}

async fn any_host(trusted_proxies: &str) -> TestApp {
    TestApp::with(&[("ALLOWED_HOSTS", "*"), ("TRUSTED_PROXIES", trusted_proxies)]).await
}

#[tokio::test]
async fn pages_and_the_proxy_have_one_origin() {
    let app = any_host("").await;
    let cases: &[(Headers, &str)] = &[
        (&[("host", "app.example")], "http://app.example"),
        (&[("host", "app.example:8443")], "http://app.example:8443"),
        (&[("host", "[2001:db8::1]:8443")], "http://[2001:db8::1]:8443"),
        (
            &[("host", "app.example"), ("x-forwarded-proto", "https")],
            "https://app.example",
        ),
        (
            &[("host", "[2001:db8::1]:8443"), ("x-forwarded-proto", "https")],
            "https://[2001:db8::1]:8443",
        ),
        (
            &[("host", "inner:80"), ("x-forwarded-host", "app.example:8443")],
            "http://app.example:8443",
        ),
        (
            &[
                ("host", "inner:80"),
                ("x-forwarded-host", "app.example, inner"),
                ("x-forwarded-proto", "https,http"),
            ],
            "https://app.example",
        ),
        (
            &[
                ("host", "app.example"),
                ("x-forwarded-proto", "https://evil.example/?"),
            ],
            "http://app.example",
        ),
        (
            &[("host", "app.example"), ("forwarded", "proto=https")],
            "https://app.example",
        ),
        (
            &[
                ("host", "inner"),
                (
                    "forwarded",
                    r#"for="[2001:db8::7]:4711" ; Host="app.example:8443";proto=HTTPS"#,
                ),
            ],
            "https://app.example:8443",
        ),
        (
            &[
                ("host", "inner"),
                (
                    "forwarded",
                    r#"by="a,\"b;c";host=app.example;proto=https, for=10.0.0.1;host=inner"#,
                ),
                ("forwarded", "host=inner"),
            ],
            "https://app.example",
        ),
        // Sent by the client of a proxy that sets only the other headers.
        (
            &[
                ("host", "app.example"),
                ("forwarded", "host=evil.example"),
                ("x-forwarded-proto", "https"),
            ],
            "https://app.example",
        ),
        (
            &[
                ("host", "app.example"),
                ("forwarded", r#"proto=https;host="evil.example"#),
            ],
            "http://app.example",
        ),
        (
            &[
                ("host", "app.example"),
                ("forwarded", r#"host="evil.example"x;proto=https"#),
            ],
            "http://app.example",
        ),
        (
            &[("host", "app.example"), ("forwarded", ",=;,")],
            "http://app.example",
        ),
    ];
    for (headers, origin) in cases {
        assert_eq!(page_origin(get(&app, "/", headers)).await, *origin, "{headers:?}");
        let request = get(&app, "/__clerk/v1/client", headers);
        assert_eq!(proxy_origin(request).await, *origin, "{headers:?}");
    }
}

#[tokio::test]
async fn the_visitors_address_is_taken_from_forwarded() {
    let app = any_host("").await;
    for (forwarded, address) in [
        ("for=203.0.113.7", Some("203.0.113.7")),
        (r#"for=10.0.0.1, for="203.0.113.7:4711""#, Some("203.0.113.7")),
        (
            r#"for=10.0.0.1;by="a,b", for=203.0.113.7, for=127.0.0.1"#,
            Some("203.0.113.7"),
        ),
        ("for=203.0.113.7, for=_hidden", None),
        // A client that has sent half an element.
        (r#"for="10.0.0.1, for=203.0.113.7"#, Some("203.0.113.7")),
        (r#"for="[2001:db8::7]""#, Some("2001:db8::7")),
        (r#"for="[2001:db8::7]:4711""#, Some("2001:db8::7")),
        ("for=_hidden", None),
        ("for=unknown", None),
    ] {
        let request = app.get("/__clerk/v1/client").without_headers();
        let request = request
            .header("host", "app.example")
            .header("forwarded", forwarded);
        let received = proxied(request).await;
        let received_address = received.get("x-forwarded-for").and_then(Value::as_str);
        assert_eq!(received_address, address, "{forwarded}");
        assert_eq!(received.get("forwarded"), None, "{forwarded}");
    }
}

#[tokio::test]
async fn nothing_of_an_untrusted_peer_is_believed() {
    let app = any_host("").await;
    let request = |path| get(&app, path, FORWARDED).header("host", "app.example");
    for (peer, client) in [
        ("192.0.2.1:1", Some("192.0.2.1")),
        ("[2001:db8::1]:1", Some("2001:db8::1")),
        // Most likely a proxy, whose clients are unknown.
        ("10.0.0.1:1", None),
        ("[::ffff:10.0.0.1]:1", None),
        ("", None),
    ] {
        let from = |request: TestRequest| match peer {
            "" => request.without_peer(),
            peer => request.peer(peer),
        };
        assert_eq!(
            page_origin(from(request("/"))).await,
            "http://app.example",
            "{peer}"
        );
        let received = proxied(from(request("/__clerk/v1/client"))).await;
        assert_eq!(
            received["clerk-proxy-url"], "http://app.example/__clerk",
            "{peer}"
        );
        assert_eq!(received["x-forwarded-host"], "app.example", "{peer}");
        assert_eq!(received["x-forwarded-proto"], "http", "{peer}");
        let received_client = received
            .get("x-forwarded-for")
            .and_then(|address| address.as_str());
        assert_eq!(received_client, client, "{peer}");
        for (name, _) in FORWARDED {
            let is_own = ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-for"].contains(name);
            assert!(is_own || received.get(name).is_none(), "{peer}: {received}");
        }
    }
    let trusted = proxied(request("/__clerk/v1/client")).await;
    assert_eq!(trusted["clerk-proxy-url"], "https://public.example/__clerk");
    assert_eq!(trusted["x-forwarded-for"], "203.0.113.7");
}

#[tokio::test]
async fn proxies_are_trusted_by_address_and_network() {
    const HEADERS: Headers = &[("host", "app.example"), ("x-forwarded-proto", "https")];
    let cases: [(&str, &[&str], &[&str]); 2] = [
        (
            "",
            &["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"],
            &["128.0.0.1:1", "[::2]:1"],
        ),
        (
            "10.0.0.0/8, 192.0.2.7,fd00::/8,2001:db8::7",
            &[
                "10.9.9.9:1",
                "192.0.2.7:1",
                "[fd12::1]:1",
                "[2001:db8::7]:1",
                "[::ffff:10.0.0.1]:1",
            ],
            &[
                "127.0.0.1:1",
                "[::1]:1",
                "11.0.0.1:1",
                "192.0.2.8:1",
                "[2001:db8::8]:1",
            ],
        ),
    ];
    for (proxies, trusted, untrusted) in cases {
        let app = any_host(proxies).await;
        for (peers, origin) in [
            (trusted, "https://app.example"),
            (untrusted, "http://app.example"),
        ] {
            for peer in peers {
                let request = get(&app, "/__clerk/v1/client", HEADERS).peer(peer);
                assert_eq!(proxy_origin(request).await, origin, "{proxies:?} {peer}");
            }
        }
    }
}

#[tokio::test]
async fn the_peer_is_that_of_the_connection() {
    for (proxies, scheme) in [("", "https"), ("192.0.2.1", "http")] {
        let app = any_host(proxies).await;
        let addr = app.listen().await;
        for http2 in [false, true] {
            let client = reqwest::Client::builder();
            let client = if http2 {
                client.http2_prior_knowledge()
            } else {
                client
            };
            let request = client
                .build()
                .unwrap()
                .get(format!("http://{addr}/__clerk/v1/client"));
            let reply = request.header("x-forwarded-proto", "https").send().await.unwrap();
            let received: Value = reply.json().await.unwrap();
            assert_eq!(
                received["headers"]["clerk-proxy-url"],
                format!("{scheme}://{addr}/__clerk"),
                "{proxies:?} {http2}"
            );
        }
    }
}

#[tokio::test]
async fn a_private_peer_that_looks_like_a_proxy_is_warned_of_once() {
    let app = any_host("192.0.2.1").await;
    let log = Log::start();
    let send = async |peer, name| {
        let request = app.get("/healthz").peer(peer).header(name, "203.0.113.7");
        request.send().await
    };
    send("198.51.100.1:1", "x-forwarded-for").await;
    send("[2001:db8::1]:1", "x-forwarded-for").await;
    send("192.0.2.1:1", "x-forwarded-for").await;
    send("10.0.0.1:1", "x-other").await;
    for peer in [
        "10.0.0.2:1",
        "10.0.0.2:1",
        "192.168.0.1:1",
        "[fd00::1]:1",
        "127.0.0.1:1",
    ] {
        send(peer, "x-forwarded-for").await;
    }
    let log = log.stop();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(
        log.contains("10.0.0.2") && log.contains("TRUSTED_PROXIES"),
        "{log}"
    );
}
