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

/// The attributes without which browsers refuse a cookie with the prefix `__Host-`, be it set or removed.
fn assert_host_cookie(cookie: &str) {
    assert!(cookie.starts_with("__Host-app_session="), "{cookie}");
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert!(
        attributes.contains(&"Secure") && attributes.contains(&"Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn over_https_no_other_site_can_set_or_read_the_cookie() {
    let app = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    let cookies = token("user_1", "sess_1").cookies();
    let first = app.get("/").cookies(&cookies).send().await;
    assert_host_cookie(first.session_cookie().unwrap());

    // A cookie that another site has set for the whole domain is another cookie.
    let session = first.session();
    let planted = session.trim_start_matches("__Host-");
    let replaced = app.get("/").cookies(format!("{cookies}; {planted}")).send().await;
    assert_host_cookie(replaced.session_cookie().unwrap());
    assert_ne!(replaced.session(), session);

    let signed_out = app
        .get("/")
        .cookies(format!("__client_uat=0; {session}"))
        .send()
        .await;
    let removal = signed_out.session_cookie().unwrap();
    assert_host_cookie(removal);
    assert!(removal.contains("Max-Age=0"), "{removal}");
}

#[tokio::test]
async fn a_secret_is_replaced_without_ending_sessions() {
    let directory = TempDir::new();
    let store = format!("sqlite:{}/sessions.sqlite", directory.as_str());
    let (old, new) = ("o".repeat(64), "n".repeat(64));
    let start =
        async |secrets: &str| TestApp::with(&[("SESSION_STORE", &store), ("SESSION_SECRET", secrets)]).await;
    let fetches = async |app: &TestApp, session: &str| {
        let cookies = token("user_1", "sess_1").cookies();
        app.get("/").cookies(format!("{cookies}; {session}")).send().await;
        app.clerk.user_fetches()
    };
    let before = start(&old).await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = before.get("/").cookies(&cookies).send().await.session();

    for both in [
        format!("{new},{old}"),
        format!("{new} {old}"),
        format!("{new},\n {old}"),
    ] {
        assert_eq!(fetches(&start(&both).await, &session).await, 0, "{both:?}");
    }
    // What is signed from now on is signed with the first.
    let during = start(&format!("{new},{old}")).await;
    let signed = during.get("/").cookies(&cookies).send().await.session();
    let after = start(&new).await;
    assert_eq!(fetches(&after, &signed).await, 0);
    assert_eq!(fetches(&after, &session).await, 1);
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
    let third = app
        .get("/")
        .cookies(format!("{}; {old}", token("user_1", "sess_1").cookies()))
        .send()
        .await;
    assert_ne!(third.session(), old);
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

    let again = app.get("/").cookies(format!("{cookies}; {session}")).send().await;
    assert_ne!(again.session(), session, "the old id is still valid");
}

#[tokio::test]
async fn a_forged_session_cookie_is_ignored() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let mut forged = session.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'B' } else { 'A' });
    let reply = app.get("/").cookies(format!("{cookies}; {forged}")).send().await;
    assert!(![session, forged].contains(&reply.session()));
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

    // Asking for a fresh user makes none either, but concerns the browser of the same user.
    let cookies = token("user_1", "sess_1").cookies();
    let session = app.get("/").cookies(&cookies).send().await.session();
    let refresh = app.post("/api/session/refresh");
    let refresh = refresh.header("authorization", &bearer).send().await;
    assert_eq!(refresh.status, StatusCode::NO_CONTENT);
    assert_eq!(refresh.session_cookie(), None);
    app.get("/").cookies(format!("{cookies}; {session}")).send().await;
    assert_eq!(app.clerk.user_fetches(), 2);
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
