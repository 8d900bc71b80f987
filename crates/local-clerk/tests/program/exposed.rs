//! An address that other machines can reach.

use std::collections::BTreeMap;

use reqwest::{Client, Method, RequestBuilder};

use crate::{Running, bare_program, error, output, program, start};

/// A local Clerk that other machines may reach as `clerk`, and the app as `app`.
fn exposed() -> (Running, BTreeMap<String, String>) {
    start(
        program()
            .env("LOCAL_CLERK_ADDR", "0.0.0.0:0")
            .env("LOCAL_CLERK_ALLOWED_HOSTS", "clerk,app")
            .env("LOCAL_CLERK_WEBHOOK_URL", "http://app:3000/webhooks"),
    )
}

/// A request from a container, which knows the local Clerk as `clerk`.
fn request(environment: &BTreeMap<String, String>, method: Method, path: &str) -> RequestBuilder {
    Client::new()
        .request(method, format!("{}{path}", environment["CLERK_API_URL"]))
        .header("host", "clerk:5002")
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn control_and_the_page_ask_for_the_secret_key() {
    let (_running, environment) = exposed();
    // This machine reaches it too.
    assert!(environment["CLERK_API_URL"].starts_with("http://127.0.0.1:"));
    let key = &environment["CLERK_SECRET_KEY"];
    for (method, path) in [
        (Method::GET, "/_emulate/messages"),
        (Method::GET, "/_emulate/export"),
        (Method::GET, "/_emulate/openapi.json"),
        (Method::POST, "/_emulate/reset"),
    ] {
        let request = || request(&environment, method.clone(), path);
        assert_eq!(status(request()).await, 401, "{path}");
        assert_eq!(
            status(request().bearer_auth("sk_test_other")).await,
            401,
            "{path}"
        );
        assert_eq!(status(request().bearer_auth(key)).await, 200, "{path}");
        let foreign = request()
            .bearer_auth(key)
            .header("origin", "https://evil.example");
        assert_eq!(status(foreign).await, 403, "{path}");
    }
    for (method, path, expected) in [
        (Method::GET, "/", 200),
        (Method::GET, "/page.js", 200),
        // These also ask for the page's own origin.
        (Method::POST, "/reset", 403),
        (Method::POST, "/settings", 403),
    ] {
        let request = || request(&environment, method.clone(), path);
        let asked = request().send().await.unwrap();
        assert_eq!(asked.status(), 401, "{path}");
        let challenge = asked.headers()["www-authenticate"].to_str().unwrap();
        assert!(challenge.starts_with("Basic "), "{challenge}");
        assert_eq!(
            status(request().basic_auth("me", Some("sk_test_other"))).await,
            401
        );
        assert_eq!(
            status(request().basic_auth("me", Some(key))).await,
            expected,
            "{path}"
        );
        assert_eq!(status(request().bearer_auth(key)).await, 401, "{path}");
    }
}

#[tokio::test]
async fn what_browsers_and_health_checks_need_is_open_to_allowed_hosts() {
    let (_running, environment) = exposed();
    for path in [
        "/_emulate/health",
        "/__clerk/v1/environment",
        "/__clerk/.well-known/jwks.json",
    ] {
        let get = || request(&environment, Method::GET, path);
        assert_eq!(status(get()).await, 200, "{path}");
        let stranger = Client::new().get(format!("{}{path}", environment["CLERK_API_URL"]));
        assert_eq!(
            status(stranger.header("host", "evil.example")).await,
            403,
            "{path}"
        );
    }
    let url = &environment["CLERK_API_URL"];
    output(bare_program().args(["wait", "--url", url]));
    // The other commands read the key from the environment of the app.
    let refused = error(bare_program().args(["export", "--url", url]), 1);
    assert!(refused.contains("Secret Key"), "{refused}");
    output(bare_program().args(["export"]).envs(&environment));
}

#[tokio::test]
async fn a_loopback_address_asks_for_no_key() {
    let (_running, environment) = start(program().env("LOCAL_CLERK_ALLOWED_HOSTS", "clerk"));
    for path in ["/", "/_emulate/messages"] {
        assert_eq!(
            status(request(&environment, Method::GET, path)).await,
            200,
            "{path}"
        );
    }
}
