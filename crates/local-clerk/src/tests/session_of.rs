//! Sessions for tests of an app.

use http::{Method, header};
use serde_json::json;

use super::Local;
use crate::{Instance, LocalClerk, SessionError};

const SEED: &str = r#"
[settings]
username = "optional"
phone_number = "optional"
second_factor_required = false

[[users]]
email_addresses = ["ada@example.com"]
phone_numbers = ["+12015550100"]
username = "ada_l"
password = "correct horse battery"
"#;

async fn start(instance: Instance) -> LocalClerk {
    let builder = LocalClerk::builder().instance(instance).seed_str(SEED);
    builder.start().await.unwrap()
}

/// The router of a running local Clerk, for the helpers of the other tests.
fn local(clerk: &LocalClerk) -> Local {
    Local {
        shared: std::sync::Arc::clone(&clerk.shared),
    }
}

#[tokio::test]
async fn session_has_a_verifiable_token() {
    for instance in [Instance::Development, Instance::Production] {
        let clerk = start(instance).await;
        let ada = clerk.session_of("ada@example.com").await.unwrap();
        let (_, claims) = local(&clerk).verify(ada.bearer_token(), &clerk.keys().jwks());
        assert_eq!(claims["sub"], ada.user_id());
        assert_eq!(claims["sid"], ada.session_id());
        assert_eq!(claims["azp"], "http://localhost");
        assert_eq!(claims["sts"], "active");
    }
}

#[tokio::test]
async fn session_of_any_identifier_is_the_same_users() {
    let clerk = start(Instance::Development).await;
    let ada = clerk.session_of("ada@example.com").await.unwrap();
    for identifier in ["+12015550100", "ada_l", ada.user_id()] {
        let session = clerk.session_of(identifier).await.unwrap();
        assert_eq!(session.user_id(), ada.user_id());
        assert_ne!(session.session_id(), ada.session_id());
    }
}

#[tokio::test]
async fn cookies_are_those_of_the_instance() {
    for (instance, has_dev_browser) in [(Instance::Development, true), (Instance::Production, false)] {
        let clerk = start(instance).await;
        let ada = clerk.session_of("ada@example.com").await.unwrap();
        let suffix = &clerk.keys().cookie_suffix;
        let value = |name: &str| {
            let mut pairs = ada.cookies().split("; ").filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        for name in ["__session", "__client_uat", "__clerk_db_jwt"] {
            assert_eq!(value(name), value(&format!("{name}_{suffix}")), "{name}");
        }
        assert_eq!(value("__session"), Some(ada.bearer_token()));
        assert!(value("__client_uat").unwrap().parse::<i64>().unwrap() > 0);
        assert_eq!(value("__clerk_db_jwt").is_some(), has_dev_browser);
    }
}

#[tokio::test]
async fn request_is_addressed_to_the_app() {
    let builder = LocalClerk::builder().seed_str(SEED);
    let clerk = builder
        .app_url("https://app.test:8443/x".parse().unwrap())
        .start()
        .await
        .unwrap();
    let ada = clerk.session_of("ada@example.com").await.unwrap();
    let request = ada.request(Method::DELETE, "/teams/1?force=1");
    assert_eq!(
        (request.method(), request.uri().path()),
        (&Method::DELETE, "/teams/1")
    );
    assert_eq!(request.headers()[header::HOST], "app.test:8443");
    assert_eq!(request.headers()[header::COOKIE], ada.cookies());
    let (_, claims) = local(&clerk).verify(ada.bearer_token(), &clerk.keys().jwks());
    assert_eq!(claims["azp"], "https://app.test:8443");
}

#[tokio::test]
async fn unknown_and_banned_users_have_no_session() {
    let clerk = start(Instance::Development).await;
    let unknown = clerk.session_of("nobody@example.com").await.unwrap_err();
    assert!(matches!(&unknown, SessionError::UnknownUser(name) if name == "nobody@example.com"));
    let ada = clerk.session_of("ada_l").await.unwrap();
    let ban = format!("/v1/users/{}/ban", ada.user_id());
    local(&clerk).backend(Method::POST, &ban, &json!({})).await.ok();
    let banned = clerk.session_of("ada_l").await.unwrap_err();
    assert!(matches!(banned, SessionError::Refused { .. }), "{banned}");
}

#[tokio::test]
async fn debug_output_has_no_secrets() {
    let clerk = start(Instance::Development).await;
    let ada = clerk.session_of("ada_l").await.unwrap();
    let debug = format!("{ada:?}");
    assert!(
        !debug.contains(ada.bearer_token()) && !debug.contains(ada.cookies()),
        "{debug}"
    );
}
