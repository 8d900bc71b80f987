use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::Suite;

#[tokio::test]
async fn lists_messages_with_their_kind_and_code() {
    let suite = Suite::start().await;
    suite.browser().await.ask_for_code().await;
    let invitation = json!({ "email_address": "bob@example.com" });
    suite
        .backend(Method::POST, "/v1/invitations", invitation)
        .await
        .ok();

    let all = suite.get("/messages").await;
    assert_eq!(all["total_count"], 2);
    let [invitation, code] = [&all["data"][0], &all["data"][1]];
    assert_eq!(
        (&invitation["to"], &invitation["kind"]),
        (&json!("bob@example.com"), &json!("invitation"))
    );
    assert!(invitation["link"].as_str().unwrap().starts_with("http") && invitation["code"].is_null());
    assert_eq!(
        (&code["kind"], &code["code"]),
        (&json!("verification_code"), &json!("424242"))
    );
    assert!(code["link"].is_null() && code["subject"].is_string());

    let to_ada = suite.get("/messages?to=Ada@Example.com").await;
    assert_eq!(to_ada["data"], json!([code]));
    let later = suite
        .get(&format!("/messages?since={}", code["id"].as_str().unwrap()))
        .await;
    assert_eq!(later["data"], json!([invitation]));
    let since = code["created_at"].as_i64().unwrap();
    assert_eq!(
        suite.get(&format!("/messages?since={since}")).await["total_count"],
        2
    );
    assert_eq!(
        suite.get(&format!("/messages?since={}", since + 60_000)).await["total_count"],
        0
    );
    for query in ["since=yesterday", "wait=61", "wait=-1", "wait=a"] {
        let answer = suite
            .control(Method::GET, &format!("/messages?{query}"), Value::Null)
            .await;
        let (name, _) = query.split_once('=').unwrap();
        assert_eq!(answer.error(), (422, "form_param_value_invalid", name));
    }
}

#[tokio::test]
async fn waits_for_a_message() {
    let suite = Suite::start().await;
    let browser = suite.browser().await;
    let (messages, _) = tokio::join!(suite.get("/messages?to=ada@example.com&wait=60"), async {
        // Neither another message nor another change ends the waiting.
        suite.create_user("cleo@example.com").await;
        let invitation = json!({ "email_address": "bob@example.com" });
        suite
            .backend(Method::POST, "/v1/invitations", invitation)
            .await
            .ok();
        browser.ask_for_code().await
    });
    assert_eq!(messages["total_count"], 1);
    assert_eq!(messages["data"][0]["to"], "ada@example.com");
}

#[tokio::test]
async fn waiting_ends_without_a_message() {
    let suite = Suite::start().await;
    assert_eq!(suite.get("/messages?wait=1").await["data"], json!([]));
    // Nor does a waiting request delay the end of the local Clerk.
    let request = suite.request(Method::GET, "/_emulate/messages?wait=60").send();
    let waiting = tokio::spawn(request);
    suite.get("/health").await;
    let stopped = tokio::time::timeout(Duration::from_secs(30), suite.clerk.shutdown()).await;
    assert!(stopped.is_ok());
    // It was answered, or had not been accepted yet.
    if let Ok(answer) = waiting.await.unwrap() {
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn deletes_all_messages_or_those_to_one_address() {
    let suite = Suite::start().await;
    for email_address in ["bob@example.com", "cleo@example.com", "dan@example.com"] {
        let invitation = json!({ "email_address": email_address });
        suite
            .backend(Method::POST, "/v1/invitations", invitation)
            .await
            .ok();
    }
    let delete = |path: &'static str| suite.control(Method::DELETE, path, Value::Null);
    assert_eq!(
        delete("/messages?to=bob@example.com").await.ok(),
        json!({ "deleted": 1 })
    );
    assert_eq!(suite.get("/messages").await["total_count"], 2);
    assert_eq!(delete("/messages").await.ok(), json!({ "deleted": 2 }));
    assert_eq!(suite.get("/messages").await["total_count"], 0);
}
