use secrecy::ExposeSecret;

use super::*;
use crate::backend::fixtures::{DEV_KEY, LIVE_KEY, options, options_with_key};

fn error(change: impl FnOnce(&mut Options)) -> String {
    let mut options = options();
    change(&mut options);
    Configuration::new(options).unwrap_err().to_string()
}

#[test]
fn valid_options_are_accepted() {
    Configuration::new(options()).unwrap();
}

#[test]
fn every_mistake_names_its_variable() {
    let satellite = |options: &mut Options| {
        options.is_satellite = true;
        options.domain = Some("satellite.test".to_owned());
        options.sign_in_url = Some("https://primary.test/sign-in".to_owned());
    };
    let cases = [
        (
            error(|o| o.publishable_key.clear()),
            "CLERK_PUBLISHABLE_KEY is missing",
        ),
        (
            error(|o| o.publishable_key = "pk_test_x".to_owned()),
            "CLERK_PUBLISHABLE_KEY is malformed",
        ),
        (error(|o| o.secret_key = "".into()), "CLERK_SECRET_KEY is missing"),
        (
            error(|o| o.secret_key = DEV_KEY.into()),
            "CLERK_SECRET_KEY is malformed",
        ),
        (
            error(|o| o.secret_key = "sk_test_a b".into()),
            "CLERK_SECRET_KEY is malformed",
        ),
        (
            error(|o| o.publishable_key = LIVE_KEY.to_owned()),
            "CLERK_PUBLISHABLE_KEY is of a production instance",
        ),
        (
            error(|o| o.jwt_key = Some("nonsense".to_owned())),
            "CLERK_JWT_KEY is malformed",
        ),
        (
            error(|o| o.api_url = Url::parse("ftp://api.test").unwrap()),
            "CLERK_API_URL is malformed",
        ),
        (
            error(|o| o.api_version = "../v1".to_owned()),
            "CLERK_API_VERSION is malformed",
        ),
        (
            error(|o| o.proxy_url = Some("clerk.test".to_owned())),
            "CLERK_PROXY_URL is malformed",
        ),
        (
            error(|o| o.fapi_url = Url::parse("https://u@fapi.test").ok()),
            "CLERK_FAPI_URL is malformed",
        ),
        (
            error(|o| o.fapi_url = Url::parse("https://fapi.test/?a").ok()),
            "CLERK_FAPI_URL is malformed",
        ),
        (
            error(|o| o.allowed_redirect_origins = vec!["https://a.test".to_owned(), "b.test".to_owned()]),
            "CLERK_ALLOWED_REDIRECT_ORIGINS is malformed",
        ),
        (
            error(|o| o.allowed_redirect_origins = vec!["https://a.test/path".to_owned()]),
            "CLERK_ALLOWED_REDIRECT_ORIGINS is malformed",
        ),
        (
            error(|o| o.domain = Some("https://a.test".to_owned())),
            "CLERK_DOMAIN is malformed",
        ),
        (
            error(|o| o.organization_patterns = vec!["/orgs/:".to_owned()]),
            "CLERK_ORGANIZATION_PATTERNS",
        ),
        (
            error(|o| o.personal_account_patterns = vec!["/(".to_owned()]),
            "CLERK_PERSONAL_ACCOUNT_PATTERNS",
        ),
        (
            error(|o| {
                satellite(o);
                o.sign_in_url = None;
            }),
            "CLERK_SIGN_IN_URL is missing",
        ),
        (
            error(|o| {
                satellite(o);
                o.sign_in_url = Some("/sign-in".to_owned());
            }),
            "CLERK_SIGN_IN_URL is malformed",
        ),
        (
            error(|o| {
                satellite(o);
                o.domain = None;
            }),
            "CLERK_DOMAIN is missing",
        ),
    ];
    for (message, expected) in cases {
        assert!(
            message.starts_with(expected),
            "{message:?} should start with {expected:?}"
        );
        assert!(!message.contains('\n'), "{message:?}");
    }
}

#[test]
fn a_production_secret_key_is_not_sent_in_clear_text() {
    let cases = [
        ("https://clerk.test", true),
        ("http://localhost:5002", true),
        ("http://clerk.localhost", true),
        ("http://127.1.2.3", true),
        ("http://[::1]:5002", true),
        ("http://clerk.test", false),
        ("http://10.0.0.7", false),
        ("http://localhost.test", false),
        ("http://notlocalhost", false),
        ("http://127.0.0.1.test", false),
        ("http://0.0.0.0", false),
    ];
    for (url, is_accepted) in cases {
        let url = Url::parse(url).unwrap();
        let with_key = |key| {
            let (mut api, mut fapi) = (options_with_key(key), options_with_key(key));
            api.api_url = url.clone();
            fapi.fapi_url = Some(url.clone());
            [("CLERK_API_URL", api), ("CLERK_FAPI_URL", fapi)]
        };
        for (_, development) in with_key(DEV_KEY) {
            Configuration::new(development).unwrap();
        }
        for (variable, production) in with_key(LIVE_KEY) {
            let result = Configuration::new(production);
            assert_eq!(result.is_ok(), is_accepted, "{variable}={url}");
            if let Err(error) = result {
                assert!(error.to_string().starts_with(variable), "{error}");
                assert!(!error.to_string().contains("deadbeef"), "{error}");
            }
        }
    }
}

#[test]
fn debug_output_hides_the_secret_key() {
    let text = format!("{:?}", Configuration::new(options()).unwrap());
    assert!(!text.contains(options().secret_key.expose_secret()), "{text}");
}

#[test]
fn the_proxy_is_mounted_at_the_path_of_the_proxy_url() {
    for (proxy_url, path) in [
        (None, "/__clerk"),
        (Some("/__clerk"), "/__clerk"),
        (Some("/auth/clerk/"), "/auth/clerk"),
        (Some("/my clerk"), "/my%20clerk"),
        (Some("https://example.com/clerk/"), "/clerk"),
        (Some("https://clerk-proxy.example.com"), "/__clerk"),
    ] {
        let mut options = options();
        options.proxy_url = proxy_url.map(str::to_owned);
        assert_eq!(
            Configuration::new(options).unwrap().proxy_path(),
            path,
            "{proxy_url:?}"
        );
    }
}
