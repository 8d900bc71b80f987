//! Which hosts are answered.

use axum::http::StatusCode;

use crate::{
    support::{Log, Reply, TestApp},
    trust::{Headers, get},
};

async fn status(app: &TestApp, host: &str) -> StatusCode {
    let request = app.get("/favicon.svg").without_headers();
    request.header("host", host).send().await.status
}

#[tokio::test]
async fn only_allowed_hosts_are_answered() {
    let cases: [(&str, &str, &[&str], &[&str]); 4] = [
        (
            "https://app.example",
            "",
            &["app.example", "app.example:8443", "APP.example", "app.example:"],
            &[
                "evil.example",
                "sub.app.example",
                "app.example.evil.example",
                "localhost",
                "127.0.0.1",
                "user@app.example",
                "app.example:80@evil.example",
                "app.example:port",
                "app.example:99999",
                "app.example/x",
                "app.example?x",
                "",
                "\u{e4}pp.example",
            ],
        ),
        (
            "http://localhost:5001",
            "",
            &[
                "localhost:5001",
                "localhost",
                "app.localhost",
                "127.0.0.1:80",
                "[::1]:5001",
                "[0:0::1]",
            ],
            &[
                "notlocalhost",
                "localhost.example",
                "192.168.1.5",
                "[::2]",
                "::1",
                "evil.example/.localhost",
                "evil.example?.localhost",
            ],
        ),
        (
            "https://app.example",
            "*.app.example, other.example,192.0.2.1",
            &[
                "a.app.example",
                "a.b.app.example:80",
                "other.example",
                "192.0.2.1",
            ],
            &["app.example", "notapp.example", "192.0.2.2", "localhost"],
        ),
        ("https://app.example", "*", &["evil.example", "[::2]:1"], &[]),
    ];
    for (app_url, allowed_hosts, allowed, refused) in cases {
        let app = TestApp::with(&[("APP_URL", app_url), ("ALLOWED_HOSTS", allowed_hosts)]).await;
        for host in allowed {
            assert_eq!(status(&app, host).await, StatusCode::OK, "{app_url} {host}");
        }
        for host in refused {
            let status = status(&app, host).await;
            assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{app_url} {host}");
        }
    }
}

fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{}", reply.body);
    assert_eq!(reply.json()["errors"][0]["code"], "misdirected_request");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn other_hosts_are_refused_on_every_path_but_those_of_health_checks() {
    let app = TestApp::start().await;
    let log = Log::start();
    for path in [
        "/",
        "/nothing",
        "/profile/",
        "/api/me",
        "/favicon.svg",
        "/__clerk/v1/client",
    ] {
        assert_refused(&app.get(path).host("evil.example").send().await);
    }
    assert_refused(&app.post("/webhooks/clerk").host("evil.example").send().await);
    let log = log.stop();
    assert_eq!(log.lines().count(), 7, "{log}");
    for line in log.lines() {
        assert!(
            line.contains("evil.example") && line.contains("ALLOWED_HOSTS"),
            "{line}"
        );
    }
    for path in ["/healthz", "/readyz"] {
        let reply = app.get(path).host("10.0.0.7:8080").send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn every_host_that_the_origin_may_follow_from_is_checked() {
    let app = TestApp::with(&[("APP_URL", "https://app.example"), ("ALLOWED_HOSTS", "")]).await;
    let cases: &[(&str, Headers, bool)] = &[
        (
            "/",
            &[("host", "inner"), ("x-forwarded-host", "app.example, inner")],
            true,
        ),
        ("/", &[("host", "inner"), ("forwarded", "host=app.example")], true),
        ("/", &[("host", "app.example"), ("x-forwarded-host", "")], true),
        (
            "/",
            &[("host", "app.example"), ("x-forwarded-host", "evil.example")],
            false,
        ),
        (
            "/",
            &[("host", "app.example"), ("forwarded", "host=evil.example")],
            false,
        ),
        (
            "/",
            &[("host", "inner"), ("x-forwarded-host", ", app.example")],
            false,
        ),
        (
            "/",
            &[("host", "inner"), ("x-forwarded-host", "app.example:99999")],
            false,
        ),
        (
            "/",
            &[
                ("host", "inner"),
                ("x-forwarded-host", "app.example"),
                ("x-forwarded-proto", ""),
            ],
            false,
        ),
        ("/", &[("host", "app.example"), ("host", "evil.example")], false),
        ("/", &[], false),
        ("http://app.example/", &[], true),
        ("http://app.example/", &[("host", "evil.example")], false),
        ("http://evil.example/", &[("host", "app.example")], false),
    ];
    for (target, headers, is_allowed) in cases {
        let reply = get(&app, target, headers).send().await;
        if *is_allowed {
            assert_eq!(reply.status, StatusCode::OK, "{target} {headers:?}");
        } else {
            assert_refused(&reply);
        }
    }
    // The forwarded host of somebody else neither allows a request nor refuses it.
    for (host, forwarded, expected) in [
        ("app.example", "evil.example", StatusCode::OK),
        ("evil.example", "app.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let request = app.get("/").host(host).header("x-forwarded-host", forwarded);
        assert_eq!(
            request.peer("192.0.2.1:1").send().await.status,
            expected,
            "{host}"
        );
    }
}
