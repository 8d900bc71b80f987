use axum::http::StatusCode;

use crate::support::{TestApp, token};

#[tokio::test]
async fn me_returns_the_callers_auth_by_cookie_and_by_bearer_token() {
    let app = TestApp::start().await;
    let token = token("user_1", "sess_1");
    let by_cookie = app.get("/api/me").cookies(token.cookies()).send().await;
    let by_bearer = app
        .get("/api/me")
        .header("authorization", format!("Bearer {}", token.sign()))
        .send()
        .await;
    for reply in [by_cookie, by_bearer] {
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(reply.json()["user_id"], "user_1");
        assert_eq!(reply.json()["session_id"], "sess_1");
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-in");
        assert_eq!(reply.header("cache-control"), "private, no-store");
        assert!(
            !reply.body.contains(&token.sign()),
            "the token is in the response"
        );
    }
}

#[tokio::test]
async fn signed_out_programs_get_a_json_401() {
    let app = TestApp::start().await;
    let expired = token("user_1", "sess_1").expired().sign();
    for request in [
        app.get("/api/me"),
        app.get("/api/me").header("authorization", "Bearer nonsense"),
        app.get("/api/me")
            .header("authorization", format!("Bearer {expired}")),
        app.get("/api/me").header("authorization", "Basic dXNlcjpwYXNz"),
    ] {
        let reply = request.send().await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        assert_eq!(reply.header("cache-control"), "private, no-store");
        assert_eq!(reply.header("x-clerk-auth-status"), "signed-out");
        assert_eq!(reply.json()["errors"][0]["code"], "unauthenticated");
    }
}

#[tokio::test]
async fn a_person_who_opens_an_api_address_is_redirected_to_sign_in() {
    let app = TestApp::start().await;
    let reply = app.get("/api/me").document().send().await;
    assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(reply.header("location"), "/sign-in?redirect_url=%2Fapi%2Fme");
}

#[tokio::test]
async fn unknown_addresses_below_api_are_a_json_404() {
    let app = TestApp::start().await;
    for path in ["/api/nothing", "/api/me/more"] {
        let reply = app.get(path).document().send().await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert_eq!(reply.json()["errors"][0]["code"], "not_found");
    }
}

#[tokio::test]
async fn requests_of_other_sites_cannot_change_state() {
    let app = TestApp::start().await;
    let cookies = token("user_1", "sess_1").cookies();
    let refresh = || app.post("/api/session/refresh").cookies(&cookies);
    for request in [
        refresh().header("sec-fetch-site", "cross-site"),
        refresh()
            .header("sec-fetch-site", "same-site")
            .header("origin", "https://evil.app.example"),
        refresh().header("origin", "https://evil.example"),
    ] {
        let reply = request.send().await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert_eq!(reply.json()["errors"][0]["code"], "cross_site_request");
    }
    for request in [refresh(), refresh().header("sec-fetch-site", "same-origin")] {
        assert_eq!(request.send().await.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let app = TestApp::start().await;
    let request = app.post("/api/nothing").header("content-length", "2000000");
    assert_eq!(request.send().await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn health_checks_need_no_authentication() {
    let app = TestApp::start().await;
    let healthy = app
        .get("/healthz")
        .cookies("__session=garbage; app_session=garbage")
        .send()
        .await;
    assert_eq!((healthy.status, healthy.body.as_str()), (StatusCode::OK, "ok\n"));
    assert!(!healthy.headers.contains_key("x-clerk-auth-status"));

    let ready = app.get("/readyz").send().await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.body);
    assert_eq!(ready.json()["session_store"], "ok");
    assert_eq!(ready.json()["signing_keys"], "ok");
}

#[tokio::test]
async fn the_program_is_not_ready_without_the_signing_keys() {
    // The stub serves no signing keys.
    let app = TestApp::with(&[("CLERK_JWT_KEY", "")]).await;
    let reply = app.get("/readyz").send().await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.json()["signing_keys"], "failing");
    assert_eq!(reply.json()["session_store"], "ok");
}
