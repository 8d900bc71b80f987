use axum::http::StatusCode;
use leptos_with_clerk::app::SAME_WHEN_SIGNED_OUT;

use crate::support::{TestApp, token};

#[tokio::test]
async fn every_page_is_rendered_for_its_visitors() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/plans",
        "/sign-in",
        "/sign-in/factor-one",
        "/sign-up",
        "/sign-up/verify-email-address",
    ] {
        let reply = app.get(path).document().send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert!(reply.body.contains("</html>"), "{path}");
        assert_eq!(reply.header("cache-control"), "private, no-store", "{path}");
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-out", "{path}");
    }
    let cookies = token("user_1", "sess_1").cookies();
    for path in ["/profile", "/profile/security"] {
        let reply = app.get(path).document().cookies(&cookies).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-in", "{path}");
    }
}

#[tokio::test]
async fn a_page_shows_the_user_and_never_contains_the_token() {
    let app = TestApp::start().await;
    let token = token("user_1", "sess_1");
    let reply = app
        .get("/profile")
        .document()
        .cookies(token.cookies())
        .send()
        .await;
    assert!(
        reply.body.contains("Ada Lovelace"),
        "the first response does not contain the name"
    );
    assert!(reply.body.contains("ada@example.com"));
    assert!(!reply.body.contains(&token.sign()));
    assert!(!reply.body.contains("sk_live_"));
}

#[tokio::test]
async fn signed_out_visitors_of_a_protected_page_are_redirected_to_sign_in_whatever_they_accept() {
    let app = TestApp::start().await;
    for (path, back) in [
        ("/profile", "%2Fprofile"),
        ("/profile/security?a=b", "%2Fprofile%2Fsecurity%3Fa%3Db"),
        // A path that begins with two slashes would name another host.
        ("//profile", "%2Fprofile"),
        ("/%70rofile", "%2F%2570rofile"),
    ] {
        for request in [app.get(path), app.get(path).document()] {
            let reply = request.send().await;
            assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT, "{path}");
            assert_eq!(reply.header("location"), format!("/sign-in?redirect_url={back}"));
            assert_eq!(reply.header("cache-control"), "private, no-store");
            assert_eq!(reply.body, "");
        }
    }
}

#[tokio::test]
async fn a_sign_in_page_elsewhere_returns_by_url() {
    let app = TestApp::with(&[("CLERK_SIGN_IN_URL", "https://accounts.example/sign-in?theme=dark")]).await;
    let reply = app.get("/profile").send().await;
    assert_eq!(
        reply.header("location"),
        "https://accounts.example/sign-in?theme=dark&redirect_url=https%3A%2F%2Fapp.example%2Fprofile"
    );
}

#[tokio::test]
async fn an_unknown_path_is_a_page_with_status_404() {
    let app = TestApp::start().await;
    for path in ["/nothing", "/plans/nothing", "/nothing.html"] {
        let reply = app.get(path).document().send().await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.body.contains("</html>"), "{path}");
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-out", "{path}");
    }
}

#[tokio::test]
async fn every_page_has_one_address() {
    let app = TestApp::start().await;
    let reply = app.get("/plans/?a=b").send().await;
    assert_eq!(reply.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(reply.header("location"), "/plans?a=b");
    assert_eq!(reply.header("cache-control"), "no-store");
    for path in ["//evil.example/", "///evil.example/"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.header("location"), "/evil.example", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn pages_are_compressed_for_browsers_that_accept_it() {
    let app = TestApp::start().await;
    let reply = app
        .get("/")
        .document()
        .header("accept-encoding", "gzip, deflate, br, zstd")
        .send()
        .await;
    assert_eq!(reply.header("content-encoding"), "gzip");
    assert_eq!(reply.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn a_page_that_is_kept_for_signed_out_visitors_is_the_page_that_is_rendered() {
    let app = TestApp::start().await;
    for path in SAME_WHEN_SIGNED_OUT {
        // A query makes the server render the page.
        let rendered = app.get(&format!("{path}?a=b")).document().send().await;
        // The links to the forms carry it.
        let expected = rendered
            .body
            .replace(rendered.nonce(), "")
            .replace("%3Fa%3Db", "");
        for coding in ["identity", "gzip"] {
            let kept = app
                .get(path)
                .document()
                .header("accept-encoding", coding)
                .send()
                .await;
            assert_eq!(kept.status, StatusCode::OK, "{path}");
            assert!(
                kept.body.contains(&format!("nonce=\"{}\"", kept.nonce())),
                "{path}"
            );
            assert_eq!(kept.body.replace(kept.nonce(), ""), expected, "{path}, {coding}");
        }
    }
}
