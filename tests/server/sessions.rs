use axum::http::StatusCode;

use crate::support::{TempDir, TestApp, token};

#[tokio::test]
async fn an_anonymous_visitor_gets_no_cookie() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/plans",
        "/sign-in",
        "/nothing",
        "/api/me",
        "/favicon.svg",
        "/healthz",
    ] {
        assert_eq!(app.get(path).send().await.session_cookie(), None, "{path}");
    }
}

#[tokio::test]
async fn the_user_is_fetched_once_a_session() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let first = app.get("/").document().cookies(&cookies).send().await;
    let cookie = first.session_cookie().unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");

    let both = format!("{cookies}; {}", first.session());
    for path in ["/", "/plans", "/profile"] {
        let reply = app.get(path).document().cookies(&both).send().await;
        assert!(reply.body.contains("ada@example.com"), "{path}");
        assert_eq!(reply.session_cookie(), None, "{path}");
    }
    assert_eq!(app.clerk.user_fetches(), 1);
}

#[tokio::test]
async fn over_https_the_cookie_is_secure() {
    let app = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    let reply = app
        .get("/")
        .cookies(token("user_1", "sess_1").cookies())
        .send()
        .await;
    assert!(reply.session_cookie().unwrap().contains("Secure"));
}

#[tokio::test]
async fn another_sign_in_gets_a_new_session_id() {
    let app = TestApp::start().await;
    let first = app
        .get("/")
        .cookies(token("user_1", "sess_1").cookies())
        .send()
        .await;
    let old = first.session();
    let second = app
        .get("/")
        .cookies(format!("{}; {old}", token("user_2", "sess_2").cookies()))
        .send()
        .await;
    assert_ne!(second.session(), old);
    assert_eq!(app.clerk.user_fetches(), 2);

    // The old id is no longer valid.
    app.get("/")
        .cookies(format!("{}; {old}", token("user_1", "sess_1").cookies()))
        .send()
        .await;
    assert_eq!(app.clerk.user_fetches(), 3);
}

#[tokio::test]
async fn signing_out_deletes_the_session() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();

    let signed_out = app
        .get("/")
        .cookies(format!("__client_uat=0; {session}"))
        .send()
        .await;
    assert!(
        signed_out.session_cookie().unwrap().contains("Max-Age=0"),
        "the cookie was not removed"
    );
    assert!(!signed_out.body.contains("Ada"));

    app.get("/").cookies(format!("{cookies}; {session}")).send().await;
    assert_eq!(app.clerk.user_fetches(), 2, "the old id still had data");
}

#[tokio::test]
async fn a_forged_session_cookie_is_ignored() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let mut forged = session.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    app.get("/").cookies(format!("{cookies}; {forged}")).send().await;
    assert_eq!(app.clerk.user_fetches(), 2);
}

#[tokio::test]
async fn the_user_is_fetched_again_when_the_browser_asks_for_it() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let reply = app
        .post("/api/session/refresh")
        .cookies(format!("{cookies}; {session}"))
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(app.clerk.user_fetches(), 2);

    let signed_out = app.post("/api/session/refresh").send().await;
    assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_is_rendered_without_the_user_when_clerk_fails() {
    let app = TestApp::start().await;
    app.clerk.fail();
    let reply = app
        .get("/profile")
        .document()
        .cookies(token("user_1", "sess_1").cookies())
        .send()
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.session_cookie(), None);
}

#[tokio::test]
async fn programs_get_no_session() {
    let app = TestApp::start().await;
    let bearer = format!("Bearer {}", token("user_1", "sess_1").sign());
    for path in ["/", "/profile", "/api/me"] {
        let reply = app.get(path).header("authorization", &bearer).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.session_cookie(), None, "{path}");
    }
    assert_eq!(app.clerk.user_fetches(), 0);
}

#[tokio::test]
async fn sessions_in_a_file_survive_a_restart() {
    let directory = TempDir::new();
    let store = format!("sqlite:{}/sub/sessions.sqlite", directory.as_str());
    let cookies = token("user_1", "sess_1").cookies();
    let first = TestApp::with(&[("SESSION_STORE", &store)]).await;
    let session = first.get("/").cookies(&cookies).send().await.session();

    let second = TestApp::with(&[("SESSION_STORE", &store)]).await;
    let reply = second
        .get("/")
        .document()
        .cookies(format!("{cookies}; {session}"))
        .send()
        .await;
    assert!(reply.body.contains("ada@example.com"));
    assert_eq!(second.clerk.user_fetches(), 0);
}
