//! The lifetime of session tokens.

use std::time::Duration;

use serde_json::Value;

use super::{Browser, Data, Local, restart::Scratch};
use crate::{Instance, LocalClerk, StartError, model::Settings, start::Config};

async fn lifetime(local: &Local, browser: &mut Browser<'_>) -> i64 {
    let token = browser.token().await;
    let (_, claims) = local.verify(&token, &browser.jwks().await);
    claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
}

async fn lifetime_of_new_user(local: &Local, email_address: &str) -> i64 {
    let mut browser = local.signed_up(email_address).await;
    lifetime(local, &mut browser).await
}

#[tokio::test]
async fn token_lifetime_is_a_minute_by_default() {
    let local = Local::new(Instance::Development).await;
    assert_eq!(lifetime_of_new_user(&local, "jane@example.com").await, 60);
}

#[tokio::test]
async fn seed_sets_the_token_lifetime_and_the_page_changes_it() {
    let local = Local::with_seed("[settings]\ntoken_lifetime = 5\n").await;
    let mut jane = local.signed_up("jane@example.com").await;
    assert_eq!(lifetime(&local, &mut jane).await, 5);
    let form = "email_address=required&phone_number=off&username=off&password=required&sign_up_mode=public";
    let saved = local
        .submit("/settings", &format!("{form}&token_lifetime=7"))
        .await;
    assert_eq!(saved.status.as_u16(), 303);
    assert_eq!(lifetime(&local, &mut jane).await, 7);
    for out_of_bounds in ["0", "86401"] {
        let form = format!("{form}&token_lifetime={out_of_bounds}");
        let refused = local.submit("/settings", &form).await;
        assert_eq!(refused.status.as_u16(), 400);
        assert!(
            refused
                .text
                .contains("token_lifetime must be between 1 and 86400")
        );
    }
    assert_eq!(lifetime(&local, &mut jane).await, 7);
}

#[tokio::test]
async fn start_option_overrides_stored_settings_and_outlives_a_reset() {
    let scratch = Scratch::new("token-lifetime");
    let config = |token_lifetime| Config {
        data: Data::File(scratch.0.join("local.sqlite")),
        token_lifetime,
        ..Local::config()
    };
    let first = Local::with(config(None)).await;
    assert_eq!(lifetime_of_new_user(&first, "jane@example.com").await, 60);
    let second = Local::with(config(Some(3))).await;
    assert_eq!(lifetime_of_new_user(&second, "joe@example.com").await, 3);
    second.submit("/reset", "").await;
    assert_eq!(lifetime_of_new_user(&second, "joe@example.com").await, 3);
}

#[tokio::test]
async fn start_option_is_bounded() {
    for (lifetime, seconds) in [
        (Duration::from_millis(900), 0),
        (Duration::from_secs(86_401), 86_401),
    ] {
        let refused = LocalClerk::builder()
            .token_lifetime(lifetime)
            .start()
            .await
            .unwrap_err();
        assert!(
            matches!(refused, StartError::TokenLifetime(found) if found == seconds),
            "{refused}"
        );
    }
}

#[test]
fn stored_settings_without_a_token_lifetime_have_the_default() {
    let settings: Settings = serde_json::from_value(Value::Object(serde_json::Map::new())).unwrap();
    assert_eq!(settings.token_lifetime, 60);
}
