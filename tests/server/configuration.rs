use std::collections::BTreeSet;

use axum_clerk::{Clerk, clerk_auth::ClientOptions};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos_with_clerk::config::{ClerkSource, Config, Environment, LocalData, LocalInstance, variables};

fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
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

fn key(kind: &str, host: &str) -> String {
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
fn every_mistake_is_one_line_that_names_its_variable() {
    let (test_key, live_key) = (
        key("test", "app-1.clerk.accounts.dev"),
        key("live", "clerk.app.example"),
    );
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("APP_URL", "localhost:5001")], "APP_URL "),
        (&[("APP_URL", "https://user:password@app.example")], "APP_URL "),
        (&[("APP_URL", "https://app.example/app")], "APP_URL "),
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
                ("CLERK_PUBLISHABLE_KEY", &live_key),
                ("CLERK_SECRET_KEY", "sk_test_0123456789"),
            ],
            "CLERK_PUBLISHABLE_KEY is of a production instance",
        ),
        (
            &[
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
        (&[("SESSION_STORE", "redis://localhost")], "SESSION_STORE "),
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
    let mut names: Vec<&str> = errors
        .iter()
        .filter_map(|error| error.split(' ').next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
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
