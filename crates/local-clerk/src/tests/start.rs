//! Starting and stopping through the public interface.

use std::time::Duration;

use crate::{LocalClerk, StartError};

async fn start(addr: &str) -> Result<LocalClerk, StartError> {
    LocalClerk::builder().addr(addr.parse().unwrap()).start().await
}

#[tokio::test]
async fn serves_loopback_only_and_stops() {
    let refused = start("0.0.0.0:0").await.unwrap_err();
    assert!(
        matches!(refused, StartError::NotLoopback(_))
            && refused.to_string().contains("LOCAL_CLERK_ALLOWED_HOSTS")
    );

    let local = start("127.0.0.1:0").await.unwrap();
    let taken = start(local.api_url().trim_start_matches("http://"))
        .await
        .unwrap_err();
    assert!(matches!(taken, StartError::Bind { .. }));
    let jwks = reqwest::get(format!("{}/.well-known/jwks.json", local.fapi_url()))
        .await
        .unwrap();
    assert_eq!(jwks.status(), 200);
    assert!(
        local
            .keys()
            .jwt_key()
            .starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjAN")
    );
    assert!(local.keys().publishable_key().starts_with("pk_test_"));
    assert!(!format!("{local:?}").contains(local.keys().secret_key()));
    let environment = local.environment();
    assert!(
        environment
            .iter()
            .all(|(name, value)| name.contains("CLERK_") && !value.is_empty())
    );
    let file = local.env_file();
    assert!(file.contains("\nCLERK_JWT_KEY=MIIBIjAN") && !file.contains("PUBLIC KEY"));
    assert_eq!(file.lines().count(), environment.len());
    let address = local.api_url();
    local.shutdown().await;
    assert!(reqwest::get(address).await.is_err());
}

#[tokio::test]
async fn dropping_it_stops_it() {
    let local = start("127.0.0.1:0").await.unwrap();
    let address = local.api_url();
    assert_eq!(reqwest::get(&address).await.unwrap().status(), 200);
    drop(local);
    let mut attempts = 0;
    while reqwest::get(&address).await.is_ok() {
        attempts += 1;
        assert!(attempts < 100, "it still answers");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn rejects_a_webhook_url_of_another_machine() {
    let builder = LocalClerk::builder().webhook_url("https://example.com/hook".parse().unwrap());
    let refused = builder.start().await.unwrap_err();
    assert!(matches!(refused, StartError::WebhookNotLoopback(_)), "{refused}");
}

#[tokio::test]
async fn reports_a_mistake_in_the_seed_with_its_line() {
    let builder = LocalClerk::builder().seed_str("\n[setings]\n");
    let refused = builder.start().await.unwrap_err().to_string();
    assert!(
        refused.contains("line 2: ") && refused.contains("unknown field `setings`"),
        "{refused}"
    );
}
