//! What must not start, or not be accepted, because nobody asked for it or because it looks like production.

use axum::http::StatusCode;
use leptos_with_clerk::config::ClerkSource;

use crate::{
    configuration::{key, read},
    support::{TestApp, token, variables_of},
};

const LIVE_SECRET_KEY: &str = "sk_live_0123456789";

#[test]
fn behind_a_public_url_no_local_clerk_starts_not_even_on_request() {
    for url in [
        "https://app.example",
        "http://app.example:5001",
        "http://192.168.1.5:5001",
        "http://0.0.0.0:5001",
        "http://[2001:db8::1]",
        "http://localhost.example",
        "http://mylocalhost",
        "http://127.0.0.1.example",
    ] {
        for mode in ["", "auto", "on"] {
            let errors = read(&[("APP_URL", url), ("LOCAL_CLERK", mode)]).unwrap_err();
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(errors[0].starts_with(&format!("APP_URL is {url}")), "{errors:?}");
            assert!(
                errors[0].contains("set CLERK_PUBLISHABLE_KEY and CLERK_SECRET_KEY"),
                "{errors:?}"
            );
        }
    }
    for url in [
        "http://localhost:5001",
        "https://LOCALHOST",
        "http://app.localhost:5001",
        "http://127.0.0.1:5001",
        "http://127.9.9.9",
        "http://[::1]:5001",
    ] {
        let config = read(&[("APP_URL", url)]).unwrap();
        assert!(matches!(config.clerk, ClerkSource::Local(..)), "{url}");
    }
}

#[test]
fn in_the_environment_prod_no_local_clerk_starts_not_even_on_request() {
    for environment in ["PROD", "prod", "Production"] {
        for mode in ["", "auto", "on"] {
            let errors = read(&[("LEPTOS_ENV", environment), ("LOCAL_CLERK", mode)]).unwrap_err();
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(errors[0].starts_with("LEPTOS_ENV is PROD"), "{errors:?}");
        }
    }
    read(&[("LEPTOS_ENV", "DEV")]).unwrap();

    let key = key("test", "app-1.clerk.accounts.dev");
    let config = read(&[
        ("LEPTOS_ENV", "PROD"),
        ("APP_URL", "https://app.example"),
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
    ])
    .unwrap();
    assert!(matches!(config.clerk, ClerkSource::Instance(_)));
}

#[test]
fn no_local_clerk_starts_in_an_app_that_answers_for_every_host() {
    for mode in ["", "auto", "on"] {
        let errors = read(&[("ALLOWED_HOSTS", "*"), ("LOCAL_CLERK", mode)]).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with("ALLOWED_HOSTS is `*`"), "{errors:?}");
    }
    read(&[("ALLOWED_HOSTS", "app.test, *.localhost")]).unwrap();
}

#[test]
fn all_signs_of_production_are_reported_at_once() {
    let errors = read(&[
        ("LEPTOS_ENV", "PROD"),
        ("APP_URL", "https://app.example"),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:80"),
        ("CLERK_PUBLISHABEL_KEY", "pk_live_x"),
    ])
    .unwrap_err();
    assert_eq!(
        variables_of(&errors),
        [
            "APP_URL",
            "CLERK_PUBLISHABEL_KEY",
            "LEPTOS_ENV",
            "LEPTOS_SITE_ADDR"
        ]
    );
}

#[test]
fn production_keys_need_the_url_of_the_app() {
    let live_key = key("live", "clerk.app.example");
    let keys = [
        ("CLERK_PUBLISHABLE_KEY", live_key.as_str()),
        ("CLERK_SECRET_KEY", LIVE_SECRET_KEY),
    ];
    let errors = read(&keys).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with("APP_URL is missing"), "{errors:?}");
    // One of the two keys is enough to know what is meant.
    for key in keys {
        let errors = read(&[key]).unwrap_err();
        assert!(
            errors.iter().any(|error| error.starts_with("APP_URL is missing")),
            "{errors:?}"
        );
    }
}

#[test]
fn production_keys_need_an_encrypted_url_of_the_app() {
    let live_key = key("live", "clerk.app.example");
    let with = |url| {
        read(&[
            ("APP_URL", url),
            ("CLERK_PUBLISHABLE_KEY", &live_key),
            ("CLERK_SECRET_KEY", LIVE_SECRET_KEY),
        ])
    };
    for url in [
        "http://app.example",
        "http://10.0.0.7:5001",
        "http://localhost.example",
    ] {
        let errors = with(url).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(&format!("APP_URL is {url}")), "{errors:?}");
    }
    for url in ["https://app.example", "http://localhost:5001", "http://127.0.0.1"] {
        with(url).unwrap();
    }
}

#[test]
fn production_keys_are_not_sent_in_clear_text() {
    let live_key = key("live", "clerk.app.example");
    let with = |name, url| {
        read(&[
            ("APP_URL", "https://app.example"),
            ("CLERK_PUBLISHABLE_KEY", &live_key),
            ("CLERK_SECRET_KEY", LIVE_SECRET_KEY),
            (name, url),
        ])
    };
    for name in ["CLERK_API_URL", "CLERK_FAPI_URL"] {
        for url in [
            "http://api.example",
            "http://10.0.0.7:8080",
            "http://localhost.example",
        ] {
            let errors = with(name, url).unwrap_err();
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(
                errors[0].starts_with(&format!("{name} is an http URL")),
                "{errors:?}"
            );
            assert!(!errors[0].contains("0123456789"), "{errors:?}");
        }
        for url in [
            "https://api.example",
            "http://127.0.0.1:5002",
            "http://localhost:5002",
        ] {
            with(name, url).unwrap();
        }
    }
}

/// Sends the token in a header and in cookies. Returns the two decisions: who is known, or why not.
async fn decisions(app: &TestApp, azp: Option<&str>) -> [String; 2] {
    let token = token("user_1", "sess_1");
    let token = match azp {
        Some(azp) => token.issued_to(azp),
        None => token,
    };
    let bearer = format!("Bearer {}", token.sign());
    let api = app.get("/api/me").header("authorization", bearer).send().await;
    let page = app.get("/").document().cookies(token.cookies()).send().await;
    assert_eq!(
        api.status == StatusCode::OK,
        page.body.contains("ada@example.com")
    );
    [api, page].map(|reply| match reply.header("x-clerk-auth-reason") {
        "" => reply.header("x-clerk-auth-status").to_owned(),
        reason => reason.to_owned(),
    })
}

const ACCEPTED: [&str; 2] = ["signed-in"; 2];
const REFUSED: [&str; 2] = ["token-invalid-authorized-parties"; 2];

#[tokio::test]
async fn tokens_of_other_origins_are_refused_in_production() {
    let app = TestApp::with(&[("APP_URL", "https://app.example")]).await;
    for azp in [None, Some("https://app.example")] {
        assert_eq!(decisions(&app, azp).await, ACCEPTED, "{azp:?}");
    }
    for azp in [
        "https://evil.app.example",
        "https://app.example.evil",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example/",
        "null",
        "",
    ] {
        assert_eq!(decisions(&app, Some(azp)).await, REFUSED, "{azp:?}");
    }
}

#[tokio::test]
async fn authorized_parties_that_are_set_are_checked_as_by_clerk() {
    let app = TestApp::with(&[
        ("APP_URL", "https://app.example"),
        ("CLERK_AUTHORIZED_PARTIES", "https://a.example,https://b.example"),
    ])
    .await;
    for azp in ["https://a.example", "https://b.example"] {
        assert_eq!(decisions(&app, Some(azp)).await, ACCEPTED, "{azp:?}");
    }
    for azp in [None, Some("https://app.example"), Some("")] {
        assert_eq!(decisions(&app, azp).await, REFUSED, "{azp:?}");
    }
}

#[tokio::test]
async fn a_development_instance_has_any_origin() {
    let key = key("test", "clerk.app.example");
    let app = TestApp::with(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
    ])
    .await;
    let bearer = token("user_1", "sess_1")
        .issued_to("https://preview.example")
        .sign();
    let bearer = format!("Bearer {bearer}");
    let reply = app.get("/api/me").header("authorization", bearer).send().await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}
