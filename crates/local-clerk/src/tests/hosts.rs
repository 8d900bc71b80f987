//! Which hosts and origins the local Clerk believes: those of apps, and no other page's.

use axum::{body::Body, extract::Request};
use http::{Method, header};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{APP, Answer, Data, Local, restart::Scratch};
use crate::{
    Instance, account_portal, backend_api, consent, dashboard, frontend_api, model::MOUNT, start::Config,
};

const STRANGER: &str = "https://evil.example";

#[tokio::test]
async fn the_hosts_of_apps_and_this_machine_are_answered() {
    let local = Local::new(Instance::Development).await;
    for (host, status) in [
        ("evil.example:5002", 403),
        ("", 403),
        ("localhost:5002", 200),
        ("[::1]:5002", 200),
        ("localhost.evil.example", 403),
        ("192.168.1.5:5002", 403),
    ] {
        let request = Request::get("/")
            .header(header::HOST, host)
            .body(Body::empty())
            .unwrap();
        assert_eq!(local.send(request).await.status.as_u16(), status, "{host}");
    }
}

#[tokio::test]
async fn allows_only_loopback_origins() {
    let local = Local::new(Instance::Development).await;
    for (origin, allowed) in [
        ("http://localhost:3000", true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let request = Request::get("/__clerk/v1/environment")
            .header(header::HOST, "127.0.0.1:5002")
            .header(header::ORIGIN, origin);
        let answer = local.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            allowed,
            "{origin}"
        );
    }
    let reset = local.submit_from("http://localhost:3000", "/reset", "").await;
    assert_eq!(reset.error(), (403, "origin_invalid"));
}

/// A request of a page at `origin`, through the proxy of an app at `app`.
async fn visit(local: &Local, app: &str, origin: &str, path: &str, body: &str) -> Answer {
    let request = Request::post(format!("{MOUNT}{path}"))
        .header(header::HOST, "127.0.0.1:5002")
        .header("clerk-proxy-url", format!("{app}{MOUNT}"))
        .header(header::ORIGIN, origin)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    local
        .send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

/// Where "Sign in as" leads.
async fn sign_in_as(local: &Local) -> String {
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let path = format!("/users/{}/sign-in", users[0]["id"].as_str().unwrap());
    let answer = local.submit(&path, "").await;
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_route_refuses_other_hosts() {
    let local = Local::new(Instance::Development).await;
    let groups = [
        (MOUNT, frontend_api::ROUTES),
        (MOUNT, frontend_api::IMAGE_ROUTES),
        (MOUNT, consent::ROUTES),
        ("", backend_api::ROUTES),
        ("", backend_api::MACHINE_ROUTES),
        ("", dashboard::ROUTES),
        ("", account_portal::ROUTES),
    ];
    let routes = groups.into_iter().flat_map(|(prefix, routes)| {
        routes
            .iter()
            .map(move |(method, path, _)| (method.clone(), format!("{prefix}{path}")))
    });
    let further = [
        "/__clerk/npm/@clerk/clerk-js@6/dist/clerk.browser.js",
        "/api_keys",
        "/nothing",
    ];
    let secret = local.shared.keys.secret_key.expose_secret();
    for (method, path) in routes.chain(further.map(|path| (Method::GET, path.to_owned()))) {
        let request = Request::builder()
            .method(&method)
            .uri(path.replace(['{', '}'], ""))
            .header(header::HOST, "evil.example:5002")
            .header(header::AUTHORIZATION, format!("Bearer {secret}"));
        let answer = local.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(), (403, "host_invalid"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_stranger_is_refused_and_receives_no_ticket() {
    let local = Local::new(Instance::Development).await;
    let mut browser = local.browser().await;
    browser.get("/v1/client").await.ok();
    let link = format!("strategy=email_link&email_address=ada%40example.com&redirect_url={STRANGER}/");
    for (app, origin) in [
        (APP, STRANGER),
        (STRANGER, APP),
        (STRANGER, STRANGER),
        // By DNS rebinding, with the app's own port.
        ("http://evil.example:5001", "http://evil.example:5001"),
        (APP, "http://localhost.evil.example"),
    ] {
        for (path, body) in [
            ("/v1/dev_browser", ""),
            ("/v1/environment?_method=PATCH", ""),
            ("/v1/client/sign_ups", link.as_str()),
        ] {
            let answer = visit(&local, app, origin, path, body).await;
            assert_eq!(answer.error(), (403, "origin_invalid"), "{app} {origin} {path}");
            let allowed = answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            assert!(allowed.is_none_or(|allowed| allowed == APP), "{origin}");
        }
    }
    // A page without an origin of its own, such as a sandboxed one, is not learned either.
    visit(&local, APP, "null", "/v1/dev_browser", "").await.ok();
    let location = sign_in_as(&local).await;
    assert!(
        location.starts_with(&format!("{APP}/sign-in?__clerk_ticket=")),
        "{location}"
    );
    let policy = local.page().await.headers[header::CONTENT_SECURITY_POLICY].clone();
    assert!(!policy.to_str().unwrap().contains("evil"), "{policy:?}");
}

#[tokio::test]
async fn configured_hosts_are_believed() {
    let local = Local::with(Config {
        app_url: Some("https://app.example".parse().unwrap()),
        allowed_hosts: vec![url::Host::parse("shop.example").unwrap()],
        ..Local::config()
    })
    .await;
    for app in ["https://app.example", "https://shop.example:8443"] {
        visit(&local, app, app, "/v1/dev_browser", "").await.ok();
        let location = sign_in_as(&local).await;
        assert!(location.starts_with(&format!("{app}/sign-in?")), "{location}");
    }
    let answer = visit(&local, "https://app.example", STRANGER, "/v1/dev_browser", "").await;
    assert_eq!(answer.error(), (403, "origin_invalid"));
}

#[tokio::test]
async fn a_host_that_is_no_longer_allowed_is_forgotten_at_the_next_start() {
    let scratch = Scratch::new("hosts");
    let data = Data::File(scratch.0.join("local.sqlite"));
    let first = Local::with(Config {
        data: data.clone(),
        allowed_hosts: vec![url::Host::parse("evil.example").unwrap()],
        ..Local::config()
    })
    .await;
    visit(&first, STRANGER, STRANGER, "/v1/dev_browser", "")
        .await
        .ok();
    assert!(sign_in_as(&first).await.starts_with(STRANGER));
    let second = Local::with_data(Instance::Development, data).await;
    assert!(!sign_in_as(&second).await.contains("evil"));
}
