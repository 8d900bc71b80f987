use axum::http::{Method, StatusCode};

use crate::support::TestApp;

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

#[tokio::test]
async fn package_files_are_precompressed_and_cached_forever() {
    let app = TestApp::start().await;
    let plain = app.get("/pkg/app.0a1b.js").send().await;
    assert_eq!(
        (plain.status, plain.body.as_str()),
        (StatusCode::OK, "export {};")
    );
    assert_eq!(plain.header("cache-control"), IMMUTABLE);
    assert_eq!(plain.header("vary"), "accept-encoding");
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert!(!plain.headers.contains_key("x-clerk-auth-status"));

    let compressed = app
        .get("/pkg/app.0a1b.js")
        .header("accept-encoding", "br")
        .send()
        .await;
    assert_eq!(compressed.header("content-encoding"), "br");
    assert_eq!(compressed.body, "compressed");

    let modified = plain.header("last-modified");
    let again = app
        .get("/pkg/app.0a1b.js")
        .header("if-modified-since", modified)
        .send()
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn every_form_of_a_file_is_revalidated_by_its_own_etag() {
    let app = TestApp::start().await;
    let request = |coding: &'static str| app.get("/pkg/app.0a1b.js").header("accept-encoding", coding);
    let (plain, compressed) = (request("identity").send().await, request("br").send().await);
    let (plain, compressed) = (plain.header("etag"), compressed.header("etag"));
    assert_ne!(plain, compressed);
    for (known, status) in [
        (compressed.to_owned(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", W/{compressed}"), StatusCode::NOT_MODIFIED),
        (plain.to_owned(), StatusCode::OK),
    ] {
        let reply = request("br").header("if-none-match", &known).send().await;
        assert_eq!(reply.status, status, "{known}");
        assert_eq!(reply.header("etag"), compressed);
    }
}

#[tokio::test]
async fn head_requests_get_the_headers_of_the_file() {
    let app = TestApp::start().await;
    let reply = app.request(Method::HEAD, "/favicon.svg").send().await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-length"), "41");
    assert_eq!(reply.body, "");
}

#[tokio::test]
async fn declarations_for_typescript_are_not_served() {
    let app = TestApp::start().await;
    assert_eq!(
        app.get("/pkg/app.d.ts").send().await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn unhashed_names_are_revalidated() {
    let app = TestApp::with(&[("LEPTOS_HASH_FILES", "false")]).await;
    assert_eq!(
        app.get("/pkg/app.0a1b.js").send().await.header("cache-control"),
        "public, no-cache"
    );
}

#[tokio::test]
async fn a_missing_package_file_is_an_uncached_404() {
    let app = TestApp::start().await;
    for path in ["/pkg/missing.js", "/pkg/..%2ffavicon.svg"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn files_of_the_site_root_need_no_authentication() {
    let app = TestApp::start().await;
    let reply = app
        .get("/favicon.svg")
        .cookies("__session=garbage; __client_uat=1")
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "image/svg+xml; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, max-age=3600");
    assert!(!reply.headers.contains_key("x-clerk-auth-status"));
}
