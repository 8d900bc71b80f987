use axum::http::{Method, StatusCode};

use crate::support::TestApp;

#[tokio::test]
async fn every_answer_of_the_app_has_the_security_headers() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/nothing",
        "/api/me",
        "/pkg/app.0a1b.js",
        "/favicon.svg",
        "/healthz",
    ] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(
            reply.header("referrer-policy"),
            "strict-origin-when-cross-origin",
            "{path}"
        );
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!reply.headers.contains_key("strict-transport-security"), "{path}");
    }
    let https = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    assert!(
        https
            .get("/")
            .send()
            .await
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn the_nonce_of_the_policy_is_that_of_every_script_and_new_each_time() {
    let app = TestApp::start().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let reply = app.get("/").document().send().await;
        let policy = reply.header("content-security-policy");
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let scripts: Vec<&str> = reply.body.split("<script").skip(1).collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            let tag = script.split('>').next().unwrap();
            let is_data = tag.contains("application/json");
            assert!(
                is_data || tag.contains(&format!("nonce=\"{nonce}\"")),
                "<script{tag}>"
            );
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn garbage_never_breaks_the_server() {
    let app = TestApp::start().await;
    let cookies: [&[u8]; 6] = [
        b"=; ;;; =;__session",
        b"__session=not.a.jwt; __client_uat=x; __client=\x80\xff",
        b"__client_uat=99999999999999999999; __session=eyJhbGciOiJub25lIn0.e30.",
        b"app_session=%00%ff; __clerk_db_jwt=\xc3\x28",
        b"__clerk_handshake=garbage; __clerk_handshake_nonce=garbage",
        b"__session=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOjF9.AAAA; __client_uat=1",
    ];
    for cookie in cookies {
        for path in ["/", "/profile", "/api/me", "/nothing"] {
            let reply = app.get(path).document().cookies(cookie).send().await;
            assert!(
                !reply.status.is_server_error(),
                "{path} {:?}: {}",
                cookie,
                reply.status
            );
        }
    }
    let headers: [(&'static str, &[u8]); 9] = [
        ("authorization", b"Bearer \xff\xfe"),
        ("authorization", b"Bearer"),
        ("authorization", b"Bearer a.b.c"),
        ("host", b"\xff"),
        ("x-forwarded-host", b"evil.example, ,"),
        ("x-forwarded-proto", b"javascript"),
        ("origin", b"\xff"),
        ("accept", b"\xff"),
        ("referer", b"::::"),
    ];
    for (name, value) in headers {
        for path in ["/", "/profile", "/api/me"] {
            let reply = app.get(path).header(name, value).send().await;
            assert!(!reply.status.is_server_error(), "{path} {name}: {}", reply.status);
        }
    }
}

#[tokio::test]
async fn odd_request_targets_are_answered() {
    let app = TestApp::start().await;
    for path in [
        "/%ff",
        "/%00",
        "/?a=%ff",
        "//",
        "//evil.example/",
        "/..%2f..%2fetc/passwd",
        "/../../etc/passwd.x",
        "/a%2Fb.js",
        "/?__clerk_handshake=garbage",
        "/?__clerk_db_jwt=garbage&__clerk_synced=maybe",
        "/profile?redirect_url=//evil.example",
    ] {
        let reply = app.get(path).document().send().await;
        assert!(!reply.status.is_server_error(), "{path}: {}", reply.status);
        assert!(
            !reply.header("location").starts_with("//"),
            "{path} leads to {}",
            reply.header("location")
        );
    }
    let asterisk = app.request(Method::OPTIONS, "*").send().await;
    assert_eq!(asterisk.status, StatusCode::BAD_REQUEST);
    let connect = app.request(Method::CONNECT, "evil.example:443").send().await;
    assert_eq!(connect.status, StatusCode::BAD_REQUEST);
}
