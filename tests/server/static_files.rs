use axum::http::StatusCode;

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
    assert!(plain.header("content-type").starts_with("text/javascript"));
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
    for path in ["/pkg/missing.js", "/pkg/..%2ffavicon.svg", "/pkg/../../secret"] {
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
    assert_eq!(reply.header("content-type"), "image/svg+xml");
    assert_eq!(reply.header("cache-control"), "public, max-age=3600");
    assert!(!reply.headers.contains_key("x-clerk-auth-status"));
}
