//! Paths that routers, pages, browsers and proxies read differently.

use axum::http::{Method, StatusCode};

use crate::support::{TestApp, token};

#[tokio::test]
async fn ambiguous_paths_are_a_bad_request_for_everybody() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    for path in [
        "/.",
        "/..",
        "/./profile",
        "/x/../profile",
        "/x/%2e%2e/profile",
        "/x/.%2E/profile",
        "/profile/%2e",
        "/profile/../plans",
        "/../../etc/passwd.x",
        "/\\profile",
        "/x\\..\\profile",
        "/\\evil.example/",
        "/%5Cprofile",
        "/x%5c..%5cprofile",
        "/%00",
        "/profile%00",
        "/favicon.svg%00",
        "/api/../profile",
        "/api/%2e%2e/healthz",
        "/x/../__clerk/v1/client",
        "/__clerk-admin/..",
        "/pkg/../favicon.svg",
        "/./favicon.svg",
    ] {
        for request in [
            app.get(path),
            app.get(path).document(),
            app.get(path).cookies(&cookies).document(),
            app.request(Method::HEAD, path),
            app.post(path),
        ] {
            let reply = request.send().await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
            assert_eq!(reply.header("cache-control"), "no-store", "{path}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("location"), "", "{path}");
            assert!(!reply.headers.contains_key("set-cookie"), "{path}");
        }
    }
}

#[tokio::test]
async fn an_encoded_slash_separates_nothing() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    for path in [
        "/x%2F..%2Fprofile",
        "/profile%2Fsecurity",
        "/%2Fprofile",
        "/sign-in%2Ffactor-one",
        "/api%2Fme",
        "/pkg%2Fapp.0a1b.js",
        "/..%2f..%2fetc/passwd",
        "/__clerk%2Fv1/client",
    ] {
        let reply = app.get(path).cookies(&cookies).document().send().await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    let reply = app
        .get("/profile/a%2Fb")
        .cookies(&cookies)
        .document()
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn no_spelling_shows_a_protected_page_to_a_signed_out_visitor() {
    let app = TestApp::start().await;
    let shown = app
        .get("/profile")
        .cookies(token("user_1", "sess_1").cookies())
        .document()
        .send()
        .await;
    let title = shown.title();
    for prefix in [
        "/",
        "//",
        "///",
        "//x/",
        "/%2F",
        "/%2Fx/",
        "/x%2F..%2F",
        "//evil.example/",
        "//app.example//",
    ] {
        for name in [
            "profile",
            "%70rofile",
            "profil%65",
            "%2570rofile",
            "profile%2F",
            "profile;x",
            "profile%20",
        ] {
            for suffix in ["", "/", "//", "/security", "%2Fsecurity", "?a=b", "/?a=/../"] {
                let path = format!("{prefix}{name}{suffix}");
                let reply = app.get(&path).document().send().await;
                let is_refused = match reply.status {
                    StatusCode::TEMPORARY_REDIRECT => reply.header("location").starts_with("/sign-in?"),
                    StatusCode::PERMANENT_REDIRECT => reply.header("location").starts_with('/'),
                    status => status == StatusCode::NOT_FOUND,
                };
                assert!(is_refused, "{path}: {}", reply.status);
                assert!(!reply.header("location").starts_with("//"), "{path}");
                assert!(!reply.body.contains(title), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn the_rule_does_not_apply_below_the_proxy() {
    let app = TestApp::start().await;
    for path in [
        "/__clerk/v1/a%5Cb",
        "/__clerk/v1/a%00b",
        "/__clerk/v1/a%2Fb",
        "/__clerk/v1/oauth_callback/%7B..%7D",
    ] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(
            reply.json()["path"],
            path.replacen("/__clerk", "/fapi", 1),
            "{path}"
        );
    }
    // Its own rule: dot segments must not lead out of the Frontend API.
    for path in ["/__clerk/../profile", "/__clerk/v1/%2e%2e/%2e%2e/profile"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(reply.json()["errors"][0]["code"], "proxy_path_mismatch", "{path}");
    }
}
