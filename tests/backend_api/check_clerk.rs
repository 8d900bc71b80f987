//! `make check-clerk`, but for its reading of the environment.

use crate::{
    checks::{Outcome, check},
    support::{client, start},
};

#[tokio::test]
async fn the_local_clerk_passes() {
    let (local, clerk) = start().await;
    let rows = check(&clerk).await;
    let table: Vec<String> = rows.iter().map(ToString::to_string).collect();
    assert!(rows.len() > 20, "{table:#?}");
    assert!(
        !rows.iter().any(|row| matches!(row.outcome, Outcome::Failed(_))),
        "{table:#?}"
    );
    let is_ok = |call: &str| {
        rows.iter()
            .any(|row| row.call == call && matches!(row.outcome, Outcome::Ok(_)))
    };
    for call in [
        "users().list()",
        "users().get()",
        "organizations().get()",
        "billing().plans()",
        "billing().prices()",
        "billing().statements()",
        "machines().list()",
    ] {
        assert!(is_ok(call), "{call}: {table:#?}");
    }
    assert!(!table.concat().contains(local.keys().secret_key()));
}

#[tokio::test]
async fn a_wrong_key_and_an_unreachable_clerk_are_told_after_one_call() {
    let (local, clerk) = start().await;
    let url = clerk.options().api_url.to_string();
    let wrong = client(
        local.keys().publishable_key(),
        "sk_test_of_another_instance",
        &url,
    );
    let rows = check(&wrong).await;
    let text = rows[0].to_string();
    assert!(
        rows.len() == 1 && text.contains("is CLERK_SECRET_KEY a key of this instance?"),
        "{text}"
    );
    assert!(!text.contains("sk_test"));

    let nowhere = client(local.keys().publishable_key(), "sk_test_x", "http://127.0.0.1:9");
    let rows = check(&nowhere).await;
    assert!(rows.len() == 1 && rows[0].to_string().contains("could not be reached"));
}
