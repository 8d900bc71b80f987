//! How often a client may do what is costly.

use axum::http::{Method, StatusCode};

use crate::support::{Log, Reply, TestApp, TestRequest, token};

/// The app with this many costly requests a minute for each client.
async fn app(rate: &str) -> TestApp {
    TestApp::with(&[
        ("APP_RATE_LIMIT", rate),
        (
            "CLERK_WEBHOOK_SIGNING_SECRET",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ),
    ])
    .await
}

/// A request through a trusted proxy that appends the address of its client to what that has sent.
fn forwarded(app: &TestApp, method: Method, path: &str, addresses: &str) -> TestRequest {
    app.request(method, path).header("x-forwarded-for", addresses)
}

async fn sign_in(app: &TestApp, addresses: &str) -> StatusCode {
    let request = forwarded(app, Method::POST, "/__clerk/v1/client/sign_ins", addresses);
    request.send().await.status
}

/// Sends requests until one is refused, and returns how many were not.
async fn passed(request: impl Fn() -> TestRequest) -> usize {
    for passed in 0..10_000 {
        if request().send().await.status == StatusCode::TOO_MANY_REQUESTS {
            return passed;
        }
    }
    panic!("there is no limit")
}

fn assert_refused(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.json()["errors"][0]["code"], "too_many_requests");
    assert_eq!(reply.header("cache-control"), "no-store");
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn what_is_costly_is_limited_for_each_address() {
    type Change = fn(TestRequest) -> TestRequest;
    let costly: &[(Method, &str, Change)] = &[
        (Method::POST, "/__clerk/v1/client/sign_ins", |request| request),
        (
            Method::POST,
            "/__clerk/v1/client/sign_ins/sia_1/attempt_first_factor",
            |request| request,
        ),
        (Method::POST, "/__clerk/v1/client/sign_ups", |request| request),
        (Method::POST, "/__clerk/v1/client/%73ign_ins", |request| request),
        (Method::POST, "/__clerk/v1/client//sign_ins", |request| request),
        (Method::POST, "/api/session/refresh", |request| request),
        (Method::POST, "/api/a_server_function", |request| request),
        (Method::DELETE, "/", |request| request),
        (Method::GET, "/?__clerk_handshake_nonce=n", |request| request),
        (Method::GET, "/?__clerk_handshake=a.b.c", |request| request),
        (Method::GET, "/", |request| {
            request.cookies("a=b; __clerk_handshake_nonce=n")
        }),
        (Method::GET, "/", |request| {
            request.cookies("a=b").cookies("__clerk_handshake=a.b.c")
        }),
    ];
    let app = app("1").await;
    for (number, (method, path, change)) in costly.iter().enumerate() {
        let (own, other) = (format!("192.0.2.{number}"), format!("198.51.100.{number}"));
        let send = |address| change(forwarded(&app, method.clone(), path, address)).send();
        let first = send(&own).await;
        assert_ne!(first.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
        assert_refused(&send(&own).await);
        let other = send(&other).await;
        assert_ne!(other.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
    }
}

#[tokio::test]
async fn everything_else_is_not() {
    let app = app("1").await;
    const ADDRESS: &str = "192.0.2.1";
    assert_eq!(sign_in(&app, ADDRESS).await, StatusCode::OK);
    assert_eq!(sign_in(&app, ADDRESS).await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..3 {
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, "/api/me"),
            (Method::GET, "/favicon.svg"),
            (Method::GET, "/healthz"),
            (Method::POST, "/healthz"),
            (Method::GET, "/readyz"),
            (Method::GET, "/__clerk/v1/client"),
            (Method::POST, "/__clerk/v1/client/sessions/sess_1/tokens"),
        ] {
            let reply = forwarded(&app, method.clone(), path, ADDRESS).send().await;
            assert_ne!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn webhooks_have_ten_times_the_budget() {
    let app = app("2").await;
    let passed = passed(|| forwarded(&app, Method::POST, "/webhooks/clerk", "192.0.2.1")).await;
    assert!(passed >= 20, "{passed}");
    assert_eq!(sign_in(&app, "192.0.2.1").await, StatusCode::OK);
}

#[tokio::test]
async fn the_address_is_what_a_trusted_proxy_has_appended() {
    let app = app("1").await;
    assert_eq!(sign_in(&app, "192.0.2.1").await, StatusCode::OK);
    for addresses in [
        "192.0.2.1",
        "203.0.113.9, 192.0.2.1",
        "not an address,192.0.2.1",
        "caf\u{e9}, 192.0.2.1",
        "203.0.113.9,192.0.2.1:4711",
        "203.0.113.9, 192.0.2.1, 127.0.0.1",
        "::ffff:192.0.2.1",
    ] {
        let status = sign_in(&app, addresses).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{addresses}");
    }
    let two_headers = app
        .post("/__clerk/v1/client/sign_ins")
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-forwarded-for", "192.0.2.1");
    assert_refused(&two_headers.send().await);
    // The same client in front of an untrusted proxy, which has another address.
    assert_eq!(sign_in(&app, "192.0.2.1, 203.0.113.9").await, StatusCode::OK);
}

#[tokio::test]
async fn what_a_peer_on_the_internet_says_of_its_address_does_not_count() {
    let app = app("1").await;
    let send = |address| {
        let request = app.post("/__clerk/v1/client/sign_ins").peer("192.0.2.1:1");
        request.header("x-forwarded-for", address).send()
    };
    assert_eq!(send("203.0.113.1").await.status, StatusCode::OK);
    assert_refused(&send("203.0.113.2").await);
}

#[tokio::test]
async fn the_addresses_of_an_ipv6_network_count_as_one() {
    let app = app("1").await;
    assert_eq!(sign_in(&app, "2001:db8:0:1::1").await, StatusCode::OK);
    let neighbour = sign_in(&app, "2001:db8:0:1:ffff::2").await;
    assert_eq!(neighbour, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&app, "2001:db8:0:2::1").await, StatusCode::OK);
}

#[tokio::test]
async fn clients_whose_addresses_are_not_known_share_a_larger_budget() {
    for (peer, header) in [
        // A trusted proxy that does not say whom it forwards, and one that is not trusted.
        ("127.0.0.1:1", "x-other"),
        ("10.0.0.1:1", "x-forwarded-for"),
    ] {
        let app = app("1").await;
        let request = || {
            let request = app.post("/__clerk/v1/client/sign_ins").peer(peer);
            request.header(header, "203.0.113.1")
        };
        let passed = passed(request).await;
        assert!(passed >= 50, "{passed}");
        assert_eq!(sign_in(&app, "192.0.2.1").await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_user_is_limited_from_wherever() {
    let app = app("1").await;
    let refresh = |user: &str, address| {
        let token = token(user, "sess_1").sign();
        let request = forwarded(&app, Method::POST, "/api/session/refresh", address);
        request.header("authorization", format!("Bearer {token}")).send()
    };
    let first = refresh("user_1", "192.0.2.1").await;
    assert_eq!(first.status, StatusCode::NO_CONTENT);
    assert_refused(&refresh("user_1", "192.0.2.2").await);
    let other = refresh("user_2", "192.0.2.3").await;
    assert_eq!(other.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_refusal_is_one_line_of_the_log() {
    let app = app("1").await;
    sign_in(&app, "192.0.2.1").await;
    let log = Log::start();
    sign_in(&app, "192.0.2.1").await;
    let log = log.stop();
    assert_eq!(log.lines().count(), 1, "{log}");
    for part in ["192.0.2.1", "too_many_requests", "APP_RATE_LIMIT", "sign_ins"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}

#[tokio::test]
async fn the_limit_can_be_turned_off() {
    for off in ["off", "0"] {
        let app = app(off).await;
        for _ in 0..400 {
            assert_eq!(sign_in(&app, "192.0.2.1").await, StatusCode::OK);
        }
    }
}
