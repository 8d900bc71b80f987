use axum::http::StatusCode;

use crate::support::{Reply, TestApp, token};

/// Sends a state-changing request with these headers.
async fn refresh(app: &TestApp, host: &'static str, headers: &[(&'static str, &'static str)]) -> Reply {
    let cookies = token("user_1", "sess_1").cookies();
    let mut request = app.post("/api/session/refresh").cookies(cookies).host(host);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

#[tokio::test]
async fn the_apps_own_pages_and_programs_may_change_state() {
    let app = TestApp::with(&[("APP_URL", "https://app.example"), ("ALLOWED_HOSTS", "*")]).await;
    for (host, headers) in [
        ("app.example", &[][..]),
        ("app.example", &[("sec-fetch-site", "same-origin")]),
        ("app.example", &[("sec-fetch-site", "none")]),
        ("app.example", &[("origin", "https://app.example")]),
        ("localhost:5001", &[("origin", "http://localhost:5001")]),
        // The app behind a proxy that rewrites Host.
        ("10.0.0.7:80", &[("origin", "https://app.example")]),
    ] {
        let reply = refresh(&app, host, headers).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{host} {headers:?}");
    }
}

#[tokio::test]
async fn other_sites_may_not() {
    let app = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    for (host, headers) in [
        ("app.example", &[("sec-fetch-site", "cross-site")][..]),
        (
            "app.example",
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://evil.example"),
            ],
        ),
        ("app.example", &[("origin", "https://evil.example")]),
        ("localhost:5001", &[("origin", "http://localhost:3000")]),
        ("app.example", &[("origin", "null")]),
    ] {
        let reply = refresh(&app, host, headers).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{host} {headers:?}");
        assert_eq!(reply.json()["errors"][0]["code"], "cross_site_request");
    }
}
