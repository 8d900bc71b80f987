use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use local_clerk::{Instance, LocalClerk, StartError};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Suite, claims};

const IDS: &str = r#"
[[users]]
id = "user_alice"
email_addresses = ["alice@example.com"]

[[organizations]]
id = "org_acme"
name = "Acme"
slug = "acme"
members = [{ user = "user_alice", role = "org:admin" }]
"#;

const SECRET_KEY: &str = "sk_test_0123456789abcdef";
const WEBHOOK_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZg==";

fn publishable_key(host: &str) -> String {
    format!("pk_test_{}", STANDARD_NO_PAD.encode(format!("{host}$")))
}

/// A new private key in PEM format.
fn signing_key(size: KeySize) -> String {
    let pkcs8: Pkcs8V1Der<'_> = KeyPair::generate(size).unwrap().as_der().unwrap();
    let base64 = STANDARD.encode(pkcs8.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")
}

fn keys(signing_key: &str) -> String {
    let publishable_key = publishable_key("suite.example.test");
    format!(
        "[keys]\npublishable_key = \"{publishable_key}\"\nsecret_key = \"{SECRET_KEY}\"\n\
         webhook_signing_secret = \"{WEBHOOK_SECRET}\"\nsigning_key = \"\"\"\n{signing_key}\"\"\"\n"
    )
}

#[tokio::test]
async fn ids_are_those_of_the_seed() {
    let suite = Suite::with(LocalClerk::builder().seed_str(IDS)).await;
    for _ in 0..2 {
        let alice = suite
            .backend(Method::GET, "/v1/users/user_alice", Value::Null)
            .await
            .ok();
        assert_eq!(alice["email_addresses"][0]["email_address"], "alice@example.com");
        let acme = suite
            .backend(Method::GET, "/v1/organizations/org_acme", Value::Null)
            .await
            .ok();
        assert_eq!(
            (&acme["slug"], &acme["created_by"]),
            (&json!("acme"), &json!("user_alice"))
        );
        let session = suite.clerk.session_of("user_alice").await.unwrap();
        assert_eq!(claims(session.bearer_token())["sub"], "user_alice");
        suite.post("/reset", Value::Null).await;
    }
    for (toml, line, field) in [
        (IDS.to_owned(), 3, "users.id"),
        (IDS.replace("alice", "Ä"), 3, "users.id"),
        (IDS.replace("user_alice", "alice"), 3, "users.id"),
        (IDS.replace("user_alice", "user_"), 3, "users.id"),
        (
            IDS.replace("user_alice", &format!("user_{}", "a".repeat(60))),
            3,
            "users.id",
        ),
        (
            IDS.replace("user_alice", "user_bob")
                .replace("alice@", "bob@")
                .replace("org_acme", "user_acme"),
            7,
            "organizations.id",
        ),
    ] {
        let answer = Answer::of(suite.request(Method::POST, "/_emulate/seed").body(toml)).await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", field));
        assert_eq!(answer.body["errors"][0]["meta"]["line"], line);
    }
}

#[tokio::test]
async fn keys_are_those_of_the_seed() {
    let toml = format!("{}{IDS}", keys(&signing_key(KeySize::Rsa2048)));
    let suite = Suite::with(LocalClerk::builder().seed_str(&toml)).await;
    let own = suite.clerk.keys();
    assert_eq!(own.publishable_key(), publishable_key("suite.example.test"));
    assert_eq!(
        (own.secret_key(), own.webhook_secret()),
        (SECRET_KEY, WEBHOOK_SECRET)
    );
    let session = suite.clerk.session_of("user_alice").await.unwrap();
    assert_eq!(
        claims(session.bearer_token())["iss"],
        "https://suite.example.test"
    );
    suite.backend(Method::GET, "/v1/users", Value::Null).await.ok();
    // Another one of the same seed verifies its tokens.
    let other = Suite::with(LocalClerk::builder().seed_str(&toml)).await;
    assert_eq!(other.clerk.keys().jwt_key(), own.jwt_key());

    // The same seed is fine while it runs, but not other keys.
    let put = |toml: String| Answer::of(suite.request(Method::PUT, "/_emulate/seed").body(toml));
    put(toml.clone()).await.ok();
    let changed = put(toml.replace(SECRET_KEY, "sk_test_fedcba9876543210")).await;
    assert_eq!(changed.error(), (422, "form_param_value_invalid", "keys"));
}

#[tokio::test]
async fn fixed_keys_replace_those_of_a_data_file() {
    let directory = std::env::temp_dir().join(format!("local-clerk-keys-{}", std::process::id()));
    let start = |seed: &str| {
        Suite::with(
            LocalClerk::builder()
                .seed_str(seed)
                .data(directory.join("keys.sqlite")),
        )
    };
    let suite = start(IDS).await;
    let jwt_key = suite.clerk.keys().jwt_key().to_owned();
    suite.clerk.shutdown().await;
    let fixed = format!("[keys]\nsecret_key = \"{SECRET_KEY}\"\n{IDS}");
    let suite = start(&fixed).await;
    assert_eq!(suite.clerk.keys().secret_key(), SECRET_KEY);
    assert_eq!(
        suite.clerk.keys().jwt_key(),
        jwt_key,
        "the others are as they were"
    );
    suite.clerk.shutdown().await;
    let suite = start(IDS).await;
    assert_eq!(suite.clerk.keys().secret_key(), SECRET_KEY, "and stay");
    suite.clerk.shutdown().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn mistakes_in_keys_are_refused_without_the_keys() {
    let secret = "dont_show_this";
    for (line, rule) in [
        (format!("secret_key = \"{secret}\""), "keys.secret_key"),
        (format!("secret_key = \"sk_test_{secret}\""), "keys.secret_key"),
        (
            format!("webhook_signing_secret = \"{secret}\""),
            "keys.webhook_signing_secret",
        ),
        (format!("signing_key = \"{secret}\""), "keys.signing_key"),
        (
            "publishable_key = \"pk_test_\"".to_owned(),
            "keys.publishable_key",
        ),
        (
            format!("publishable_key = \"{}/\"", publishable_key("a.test")),
            "keys.publishable_key",
        ),
        (
            format!("publishable_key = \"{}\"", publishable_key("a.test/b")),
            "keys.publishable_key",
        ),
        (format!("private_key = \"{secret}\""), "unknown field"),
    ] {
        let error = LocalClerk::builder()
            .seed_str(format!("[keys]\n{line}\n"))
            .start()
            .await
            .unwrap_err();
        let error = error.to_string();
        assert!(error.contains("line 2") && error.contains(rule), "{error}");
        assert!(!error.contains(secret), "{error}");
    }
    let of_development = LocalClerk::builder()
        .seed_str(format!("[keys]\nsecret_key = \"{SECRET_KEY}\"\n"))
        .instance(Instance::Production);
    let error = of_development.start().await.unwrap_err();
    assert!(matches!(error, StartError::Seed { .. }), "{error}");
    assert!(error.to_string().contains("secret_key") && !error.to_string().contains(SECRET_KEY));
}
