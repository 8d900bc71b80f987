use local_clerk::LocalClerk;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, SEED, Suite};

#[tokio::test]
async fn a_snapshot_brings_back_users_sessions_settings_and_the_clock() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    suite
        .control(Method::PATCH, "/settings", json!({ "username": "optional" }))
        .await
        .ok();
    suite.post("/clock", json!({ "advance": "1h" })).await;
    let saved = suite
        .control(Method::PUT, "/snapshots/signed-in", Value::Null)
        .await
        .ok();
    assert_eq!(saved, json!({ "users": 1, "organizations": 0 }));

    suite.post("/clock", json!({ "advance": "8d" })).await;
    suite.create_user("bob@example.com").await;
    assert!(browser.sessions().await.is_empty());
    // A reset keeps it.
    suite.post("/reset", Value::Null).await;
    assert_eq!(suite.get("/clock").await["offset_ms"], 0);
    for _ in 0..2 {
        let restored = suite.post("/snapshots/signed-in/restore", Value::Null).await;
        assert_eq!(restored, saved);
        assert_eq!(suite.addresses().await, ["ada@example.com"]);
        assert_eq!(browser.sessions().await.len(), 1);
        assert_eq!(suite.get("/clock").await["offset_ms"], 3_600_000);
        assert_eq!(suite.get("/settings").await["username"], "optional");
    }
    // Saving again replaces it.
    suite.create_user("cleo@example.com").await;
    suite
        .control(Method::PUT, "/snapshots/signed-in", Value::Null)
        .await
        .ok();
    suite.post("/reset", Value::Null).await;
    suite.post("/snapshots/signed-in/restore", Value::Null).await;
    assert_eq!(suite.addresses().await.len(), 2);

    let none = suite
        .control(Method::POST, "/snapshots/none/restore", Value::Null)
        .await;
    assert_eq!(none.error(), (404, "resource_not_found", ""));
    assert_eq!(suite.addresses().await.len(), 2, "nothing was deleted");
    for name in ["a%20b", "%C3%A4", &"a".repeat(65)] {
        let answer = suite
            .control(Method::PUT, &format!("/snapshots/{name}"), Value::Null)
            .await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", "name"));
    }
}

#[tokio::test]
async fn faults_and_keys_stay_when_a_snapshot_is_restored() {
    let suite = Suite::start().await;
    suite
        .control(Method::PUT, "/snapshots/empty", Value::Null)
        .await
        .ok();
    suite
        .post(
            "/faults",
            json!({ "path": "/v1/users", "method": "POST", "status": 500 }),
        )
        .await;
    suite.post("/snapshots/empty/restore", Value::Null).await;
    assert_eq!(suite.get("/faults").await["total_count"], 1);
    assert_eq!(
        suite.backend(Method::POST, "/v1/users", json!({})).await.status,
        500
    );
    assert_eq!(
        suite.backend(Method::GET, "/v1/users", Value::Null).await.status,
        200
    );
}

#[tokio::test]
async fn an_export_is_imported_by_another_instance() {
    let suite = Suite::start().await;
    let browser = suite.signed_in().await;
    suite.create_user("bob@example.com").await;
    suite
        .backend(
            Method::POST,
            "/v1/invitations",
            json!({ "email_address": "cleo@example.com" }),
        )
        .await
        .ok();
    suite
        .post("/faults", json!({ "path": "/v1/jwks", "status": 500 }))
        .await;
    let export = suite.get("/export").await;
    let text = export.to_string();
    assert!(!text.contains(suite.clerk.keys().secret_key().trim_start_matches("sk_test_")));
    assert!(!text.contains("correct horse"));

    let other = Suite::with(LocalClerk::builder()).await;
    let secret_key = other.clerk.keys().secret_key().to_owned();
    other.create_user("dan@example.com").await;
    let counts = other.post("/import", export.clone()).await;
    assert_eq!(counts, json!({ "users": 2, "organizations": 0 }));
    assert_eq!(other.addresses().await, ["bob@example.com", "ada@example.com"]);
    assert_eq!(other.get("/faults").await["total_count"], 0);
    assert_eq!(other.clerk.keys().secret_key(), secret_key);
    assert_eq!(other.get("/export").await, export);
    // The browser of the other instance is signed in here.
    let path = format!("/__clerk/v1/client?__clerk_db_jwt={}", browser.token);
    let client = Answer::of(other.request(Method::GET, &path)).await.ok();
    assert_eq!(client["response"]["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn snapshots_and_imports_survive_a_killed_process() {
    let directory = std::env::temp_dir().join(format!("local-clerk-state-{}", std::process::id()));
    let start = || {
        Suite::with(
            LocalClerk::builder()
                .seed_str(SEED)
                .data(directory.join("state.sqlite")),
        )
    };
    let suite = start().await;
    let export = suite.get("/export").await;
    suite.create_user("bob@example.com").await;
    suite
        .control(Method::PUT, "/snapshots/two", Value::Null)
        .await
        .ok();
    suite.post("/import", export).await;
    // Without a shutdown, as if it was killed.
    drop(suite);
    let suite = start().await;
    assert_eq!(suite.addresses().await, ["ada@example.com"]);
    suite.post("/snapshots/two/restore", Value::Null).await;
    assert_eq!(suite.addresses().await.len(), 2);
    suite.clerk.shutdown().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn mistakes_in_an_import_change_nothing() {
    let suite = Suite::start().await;
    let export = suite.get("/export").await;
    let with = |kind: &str, body: Value| {
        let mut export = export.clone();
        export["documents"]
            .as_array_mut()
            .unwrap()
            .insert(0, json!({ "kind": kind, "body": body }));
        export
    };
    let mut other_version = export.clone();
    other_version["version"] = json!(2);
    for (body, param) in [
        (other_version, "version"),
        (with("house", json!({})), "documents[0]"),
        (with("keys", json!({})), "documents[0]"),
        (with("session", json!({ "id": "sess_1" })), "documents[0]"),
        (json!({ "version": 1, "documents": [] }), "documents"),
        (json!({ "version": 1, "documents": {} }), "documents"),
    ] {
        let answer = suite.control(Method::POST, "/import", body).await;
        assert_eq!(
            answer.error(),
            (422, "form_param_value_invalid", param),
            "{}",
            answer.body
        );
    }
    let missing = suite
        .control(Method::POST, "/import", json!({ "version": 1 }))
        .await;
    assert_eq!(missing.error(), (422, "form_param_missing", "documents"));
    assert_eq!(suite.get("/export").await, export);
}
