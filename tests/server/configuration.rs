use std::{collections::BTreeSet, time::Duration};

use axum_clerk::{Clerk, clerk_auth::ClientOptions};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_server::Limits;
use leptos_with_clerk::config::{ClerkSource, Config, Environment, LocalData, LocalInstance, variables};

use crate::support::variables_of;

/// Two secrets, of which one is long enough.
const ONE_SHORT_SECRET: &str = "ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss,short";

pub(crate) fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment: Environment = variables.iter().copied().collect();
    Config::read(&environment, true).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// What the browser needs to know of an instance whose keys are set.
fn client_options(config: &Config) -> ClientOptions {
    let ClerkSource::Instance(options) = &config.clerk else {
        panic!("{:?}", config.clerk)
    };
    let clerk = Clerk::new((**options).clone()).unwrap();
    (**clerk.client_options()).clone()
}

pub(crate) fn key(kind: &str, host: &str) -> String {
    format!("pk_{kind}_{}", STANDARD.encode(format!("{host}$")))
}

#[test]
fn without_variables_the_local_clerk_is_used_with_its_defaults() {
    let config = read(&[]).unwrap();
    let ClerkSource::Local(local, _) = config.clerk else {
        panic!("{:?}", config.clerk)
    };
    assert_eq!(local.addr.to_string(), "127.0.0.1:5002");
    assert_eq!(local.data, LocalData::File("data/local-clerk.sqlite".into()));
    assert_eq!(local.instance, LocalInstance::Development);
    assert_eq!(local.seed, None);
    assert_eq!(config.app_url.as_str(), "http://localhost:5001/");
    assert_eq!(config.leptos.site_addr.to_string(), "127.0.0.1:5001");
    assert_eq!(&*config.leptos.output_name, "leptos-with-clerk");
    assert!(config.leptos.hash_files);
}

#[test]
fn with_keys_the_browser_loads_clerk_from_their_instance() {
    let key = key("test", "app-1.clerk.accounts.dev");
    let config = read(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
    ])
    .unwrap();
    let client = client_options(&config);
    assert_eq!(
        client.clerk_js_url,
        "https://app-1.clerk.accounts.dev/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
    );
    assert_eq!(
        client.clerk_ui_url,
        "https://app-1.clerk.accounts.dev/npm/@clerk/ui@1/dist/ui.browser.js"
    );
    assert_eq!(
        (client.sign_in_url.as_str(), client.sign_up_url.as_str()),
        ("/sign-in", "/sign-up")
    );
    assert!(!client.local);
}

#[test]
fn with_a_proxy_the_browser_loads_clerk_through_it() {
    let key = key("live", "clerk.app.example");
    let config = read(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_live_0123456789"),
        ("APP_URL", "https://app.example"),
        ("CLERK_PROXY_URL", "https://app.example/__clerk/"),
        ("CLERK_JS_VERSION", "6.29.3"),
        ("CLERK_UI_URL", "/vendor/ui.browser.js"),
    ])
    .unwrap();
    let client = client_options(&config);
    assert_eq!(
        client.clerk_js_url,
        "https://app.example/__clerk/npm/@clerk/clerk-js@6.29.3/dist/clerk.browser.js"
    );
    assert_eq!(client.clerk_ui_url, "/vendor/ui.browser.js");
}

#[test]
fn what_the_deployment_says_of_clerk_js_and_of_tokens_is_read() {
    let key = key("test", "app-1.clerk.accounts.dev");
    let config = read(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
        ("CLERK_SIGN_IN_FORCE_REDIRECT_URL", "/in"),
        ("CLERK_SIGN_UP_FORCE_REDIRECT_URL", "https://app.example/up"),
        ("CLERK_SUPPORT_EMAIL", "help@app.example"),
        ("CLERK_ALLOWED_REDIRECT_ORIGINS", "https://satellite.example"),
        ("CLERK_AUDIENCES", "api, app"),
        ("CLERK_ISSUERS", "https://clerk.app.example"),
        ("CLERK_CLOCK_SKEW_MS", "250"),
    ])
    .unwrap();
    let client = client_options(&config);
    assert_eq!(client.sign_in_force_redirect_url.as_deref(), Some("/in"));
    assert_eq!(
        client.sign_up_force_redirect_url.as_deref(),
        Some("https://app.example/up")
    );
    assert_eq!(client.support_email.as_deref(), Some("help@app.example"));
    assert_eq!(client.allowed_redirect_origins, ["https://satellite.example"]);
    assert_eq!(client.waitlist_url.as_deref(), Some("/waitlist"));
    let ClerkSource::Instance(options) = &config.clerk else {
        panic!("{:?}", config.clerk)
    };
    assert_eq!(options.audiences, ["api", "app"]);
    assert_eq!(options.issuers, ["https://clerk.app.example"]);
    assert_eq!(options.clock_skew, Duration::from_millis(250));
}

#[test]
fn a_satellite_in_production_may_leave_signing_in_to_clerk() {
    let key = key("live", "clerk.primary.example");
    let config = read(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_live_0123456789"),
        ("APP_URL", "https://satellite.example"),
        ("CLERK_IS_SATELLITE", "true"),
        ("CLERK_SATELLITE_AUTO_SYNC", "true"),
        ("CLERK_DOMAIN", "satellite.example"),
    ])
    .unwrap();
    let client = client_options(&config);
    assert_eq!(client.sign_in_url, "https://accounts.satellite.example/sign-in");
    assert!(client.is_satellite && client.satellite_auto_sync);
}

#[test]
fn every_mistake_is_one_line_that_names_its_variable() {
    let (test_key, live_key) = (
        key("test", "app-1.clerk.accounts.dev"),
        key("live", "clerk.app.example"),
    );
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("ALLOWED_HOSTS", "https://app.example")], "ALLOWED_HOSTS "),
        (&[("ALLOWED_HOSTS", "app.example:80")], "ALLOWED_HOSTS "),
        (&[("ALLOWED_HOSTS", "app.example, ")], "ALLOWED_HOSTS "),
        (&[("ALLOWED_HOSTS", "*.127.0.0.1")], "ALLOWED_HOSTS "),
        (&[("ALLOWED_HOSTS", "app*")], "ALLOWED_HOSTS "),
        (&[("ALLOWED_HOSTS", "::1")], "ALLOWED_HOSTS "),
        (&[("TRUSTED_PROXIES", "10.0.0.0/33")], "TRUSTED_PROXIES "),
        (
            &[("TRUSTED_PROXIES", "127.0.0.1, proxy.example")],
            "TRUSTED_PROXIES ",
        ),
        (&[("TRUSTED_PROXIES", "*")], "TRUSTED_PROXIES "),
        (&[("ALLOWED_HOSTS", "app.example, *")], "ALLOWED_HOSTS is `*`"),
        (&[("CSP_EXTRA", "img-src *")], "CSP_EXTRA "),
        (
            &[(
                "CSP_EXTRA",
                "img-src https://a.example; script-src 'unsafe-inline'",
            )],
            "CSP_EXTRA ",
        ),
        (&[("CSP_EXTRA", "default-src https://a.example")], "CSP_EXTRA "),
        (&[("CSP_EXTRA", "https://a.example")], "CSP_EXTRA "),
        (&[("CSP_REPORT_ONLY", "maybe")], "CSP_REPORT_ONLY "),
        (
            &[("LOCAL_CLERK_ALLOWED_HOSTS", "*")],
            "LOCAL_CLERK_ALLOWED_HOSTS ",
        ),
        (
            &[("LOCAL_CLERK_ALLOWED_HOSTS", "a.example, *.a.example")],
            "LOCAL_CLERK_ALLOWED_HOSTS ",
        ),
        (
            &[("LOCAL_CLERK_ALLOWED_HOSTS", "http://a.example")],
            "LOCAL_CLERK_ALLOWED_HOSTS ",
        ),
        (&[("APP_KEEP_ALIVE_TIMEOUT", "2 min")], "APP_KEEP_ALIVE_TIMEOUT "),
        (&[("APP_MAX_CONNECTIONS", "0")], "APP_MAX_CONNECTIONS "),
        (&[("APP_RATE_LIMIT", "many")], "APP_RATE_LIMIT "),
        (&[("APP_RATE_LIMIT", "-1")], "APP_RATE_LIMIT "),
        (&[("APP_RATE_LIMIT", "1000001")], "APP_RATE_LIMIT "),
        (&[("LOG_FORMAT", "JSON5")], "LOG_FORMAT "),
        (&[("CLERK_CLOCK_SKEW_MS", "60001")], "CLERK_CLOCK_SKEW_MS "),
        (&[("CLERK_CLOCK_SKEW_MS", "5s")], "CLERK_CLOCK_SKEW_MS "),
        (&[("CLERK_SUPPORT_EMAIL", "help")], "CLERK_SUPPORT_EMAIL "),
        (&[("CLERK_WAITLIST_URL", "waitlist")], "CLERK_WAITLIST_URL "),
        (
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")],
            "OTEL_EXPORTER_OTLP_ENDPOINT ",
        ),
        (
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")],
            "OTEL_EXPORTER_OTLP_ENDPOINT ",
        ),
        (&[("METRICS_ADDR", "9464")], "METRICS_ADDR "),
        (&[("METRICS_ADDR", "localhost:9464")], "METRICS_ADDR "),
        (&[("METRICS_ADDR", "127.0.0.1:5001")], "METRICS_ADDR "),
        (&[("APP_URL", "localhost:5001")], "APP_URL "),
        (&[("APP_URL", "https://user:password@app.example")], "APP_URL "),
        (&[("APP_URL", "http://localhost:5001/app")], "APP_URL "),
        (
            &[("CLERK_PUBLISHABLE_KEY", &test_key)],
            "CLERK_SECRET_KEY is missing",
        ),
        (
            &[("CLERK_SECRET_KEY", "sk_test_0123456789")],
            "CLERK_PUBLISHABLE_KEY is missing",
        ),
        (
            &[
                ("CLERK_PUBLISHABLE_KEY", "pk_test_garbage"),
                ("CLERK_SECRET_KEY", "sk_test_0123456789"),
            ],
            "CLERK_PUBLISHABLE_KEY is malformed",
        ),
        (
            &[
                ("CLERK_PUBLISHABLE_KEY", &test_key),
                ("CLERK_SECRET_KEY", "0123456789"),
            ],
            "CLERK_SECRET_KEY is malformed",
        ),
        (
            &[
                ("CLERK_PUBLISHABLE_KEY", &test_key),
                ("CLERK_SECRET_KEY", "sk_test_0123456789"),
                ("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_secret?"),
            ],
            "CLERK_WEBHOOK_SIGNING_SECRET is malformed",
        ),
        (
            &[("LOCAL_CLERK_WEBHOOK_URL", "https://example.com/webhooks")],
            "LOCAL_CLERK_WEBHOOK_URL ",
        ),
        (
            &[
                ("APP_URL", "https://app.example"),
                ("CLERK_PUBLISHABLE_KEY", &live_key),
                ("CLERK_SECRET_KEY", "sk_test_0123456789"),
            ],
            "CLERK_PUBLISHABLE_KEY is of a production instance",
        ),
        (
            &[
                ("APP_URL", "https://app.example"),
                ("CLERK_PUBLISHABLE_KEY", &live_key),
                ("CLERK_SECRET_KEY", "sk_live_0123456789"),
                ("CLERK_JWT_KEY", "garbage"),
            ],
            "CLERK_JWT_KEY is malformed",
        ),
        (
            &[("CLERK_JWT_KEY", "-----BEGIN PUBLIC KEY-----")],
            "CLERK_JWT_KEY is set, but no Clerk keys are",
        ),
        (&[("CLERK_SIGN_IN_URL", "sign-in")], "CLERK_SIGN_IN_URL "),
        (&[("CLERK_SIGN_IN_URL", "//evil.example")], "CLERK_SIGN_IN_URL "),
        (&[("CLERK_JS_VERSION", "6/../..")], "CLERK_JS_VERSION "),
        (
            &[("CLERK_TELEMETRY_DISABLED", "yes please")],
            "CLERK_TELEMETRY_DISABLED ",
        ),
        (&[("LEPTOS_SITE_ADDR", "5001")], "LEPTOS_SITE_ADDR "),
        (
            &[("LEPTOS_SITE_ADDR", "0.0.0.0:5001")],
            "LEPTOS_SITE_ADDR is 0.0.0.0:5001, which exposes",
        ),
        (&[("LEPTOS_ENV", "staging")], "LEPTOS_ENV "),
        (&[("LOCAL_CLERK", "maybe")], "LOCAL_CLERK "),
        (&[("LOCAL_CLERK_ADDR", "0.0.0.0:5002")], "LOCAL_CLERK_ADDR "),
        (&[("LOCAL_CLERK_ADDR", "127.0.0.1:5001")], "LOCAL_CLERK_ADDR "),
        (&[("LOCAL_CLERK_INSTANCE", "staging")], "LOCAL_CLERK_INSTANCE "),
        (
            &[("LOCAL_CLERK", "on"), ("CLERK_SECRET_KEY", "sk_test_0123456789")],
            "LOCAL_CLERK is `on` while CLERK_PUBLISHABLE_KEY or CLERK_SECRET_KEY is set",
        ),
        (&[("RUST_LOG", "loud=very")], "RUST_LOG "),
        (&[("SESSION_SECRET", "short")], "SESSION_SECRET has 5 bytes"),
        (
            &[("SESSION_SECRET", ONE_SHORT_SECRET)],
            "SESSION_SECRET has 5 bytes",
        ),
        (&[("SESSION_SECRET", ", ,")], "SESSION_SECRET contains no secret"),
        (&[("SESSION_STORE", "redis:")], "SESSION_STORE "),
        (
            &[("SESSION_STORE", "postgres://localhost:port")],
            "SESSION_STORE ",
        ),
        (&[("SESSION_MAX_AGE", "0")], "SESSION_MAX_AGE "),
        (&[("SESSION_MAX_AGE", "366")], "SESSION_MAX_AGE "),
        (&[("SESSION_STORE", "sqlite:")], "SESSION_STORE "),
    ];
    for (variables, expected) in cases {
        let errors = read(variables).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(
            errors[0].starts_with(expected),
            "{:?} should start with {expected:?}",
            errors[0]
        );
        assert!(!errors[0].contains('\n'), "{errors:?}");
        for secret in ["0123456789", "garbage", "password"] {
            assert!(!errors[0].contains(secret), "{errors:?}");
        }
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let errors = read(&[
        ("APP_URL", "nonsense"),
        ("LOCAL_CLERK", "off"),
        ("SESSION_STORE", "nonsense"),
        ("CLERK_SIGN_UP_URL", "nonsense"),
    ])
    .unwrap_err();
    assert_eq!(
        variables_of(&errors),
        [
            "APP_URL",
            "CLERK_PUBLISHABLE_KEY",
            "CLERK_SECRET_KEY",
            "CLERK_SIGN_UP_URL",
            "SESSION_STORE"
        ]
    );
}

#[test]
fn a_build_without_the_local_clerk_asks_for_keys() {
    for (variables, expected) in [
        (
            vec![],
            vec!["CLERK_PUBLISHABLE_KEY is missing", "CLERK_SECRET_KEY is missing"],
        ),
        (
            vec![("LOCAL_CLERK", "on")],
            vec!["LOCAL_CLERK is `on`, but this build has no local Clerk"],
        ),
    ] {
        let environment: Environment = variables.into_iter().collect();
        let errors = Config::read(&environment, false).unwrap_err();
        assert_eq!(errors.len(), expected.len(), "{errors:?}");
        for (error, expected) in errors.iter().zip(expected) {
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}

#[test]
fn the_limits_of_connections_can_be_changed() {
    let config = read(&[("APP_MAX_CONNECTIONS", "5000"), ("APP_KEEP_ALIVE_TIMEOUT", "620")]).unwrap();
    assert_eq!(config.limits.connections, 5000);
    assert_eq!(config.limits.keep_alive, Duration::from_secs(620));
    assert_eq!(read(&[]).unwrap().limits, Limits::default());
}

#[test]
fn the_local_clerk_may_be_exposed_on_purpose() {
    let config = read(&[("LOCAL_CLERK", "on"), ("LEPTOS_SITE_ADDR", "0.0.0.0:5001")]).unwrap();
    assert!(matches!(config.clerk, ClerkSource::Local(..)));
}

#[test]
fn secrets_never_appear_in_debug_output() {
    let key = key("test", "app-1.clerk.accounts.dev");
    let session_secret = "s".repeat(64);
    let config = read(&[
        ("CLERK_PUBLISHABLE_KEY", &key),
        ("CLERK_SECRET_KEY", "sk_test_0123456789"),
        ("SESSION_SECRET", &session_secret),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("0123456789") && !shown.contains(&session_secret),
        "{shown}"
    );
}

#[test]
fn the_example_file_documents_exactly_the_known_variables() {
    let example = include_str!("../../.env.example");
    let documented: BTreeSet<&str> = example
        .lines()
        .map(|line| line.trim_start_matches("# "))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .collect();
    assert_eq!(documented, variables().collect());
}
