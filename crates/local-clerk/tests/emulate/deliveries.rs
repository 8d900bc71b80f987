use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Suite,
    receiver::{Receiver, SECRET, addresses},
};

#[tokio::test]
async fn a_paused_endpoint_receives_its_events_when_they_are_asked_for() {
    let suite = Suite::start().await;
    let mut app = Receiver::start().await;
    let path = suite
        .add_webhook(json!({ "url": app.url, "events": ["user.created"], "paused": true }))
        .await;
    for address in ["bob@example.com", "cleo@example.com", "dan@example.com"] {
        suite.create_user(address).await;
    }
    // Nothing is to be sent now.
    let pending = suite.settled().await;
    assert_eq!(pending.len(), 3);
    assert!(
        pending
            .iter()
            .all(|one| one["status"] == "pending" && one["attempts"] == 0 && one["outcome"].is_null())
    );
    assert!(app.all().is_empty());

    let flushed = suite
        .post("/deliveries/flush", json!({ "order": "reverse" }))
        .await;
    assert_eq!(flushed, json!({ "flushed": 3 }));
    assert!(
        suite
            .settled()
            .await
            .iter()
            .all(|one| one["status"] == "delivered")
    );
    assert_eq!(
        addresses(&app.all()),
        ["dan@example.com", "cleo@example.com", "bob@example.com"]
    );

    // It is still paused, until it is not.
    suite.create_user("eve@example.com").await;
    suite.create_user("fay@example.com").await;
    assert_eq!(suite.settled().await[0]["status"], "pending");
    assert!(app.all().is_empty());
    let resumed = suite.patch(&path, json!({ "paused": false })).await.ok();
    assert_eq!(
        (&resumed["paused"], &resumed["events"]),
        (&json!(false), &json!(["user.created"]))
    );
    suite.settled().await;
    assert_eq!(addresses(&app.all()), ["eve@example.com", "fay@example.com"]);
    assert_eq!(
        suite.post("/deliveries/flush", Value::Null).await,
        json!({ "flushed": 0 })
    );
}

#[tokio::test]
async fn an_event_is_sent_again_with_the_same_id() {
    let suite = Suite::start().await;
    let mut app = Receiver::start().await;
    let path = suite.add_webhook(json!({ "url": app.url })).await;
    suite.create_user("bob@example.com").await;
    suite.settled().await;
    app.all();

    // Also to an endpoint that is paused, and has changed.
    let change = json!({ "paused": true, "secret": SECRET, "events": ["session.*"] });
    suite.patch(&path, change).await.ok();
    let delivery = &suite.settled().await[0];
    let resend = format!("/deliveries/{}/resend", delivery["id"].as_str().unwrap());
    let resent = suite.post(&resend, Value::Null).await;
    assert_eq!(
        (&resent["id"], &resent["status"]),
        (&delivery["id"], &json!("pending"))
    );
    assert_eq!(suite.settled().await[0]["attempts"], 2);
    let [webhook] = &app.all()[..] else {
        panic!("one webhook is sent")
    };
    assert_eq!(
        (webhook.id(), webhook.event_type().as_str()),
        (delivery["svix_id"].as_str().unwrap(), "user.created")
    );
    assert!(webhook.is_signed_with(SECRET));

    let none = suite
        .control(Method::POST, "/deliveries/none/resend", Value::Null)
        .await;
    assert_eq!(none.error(), (404, "resource_not_found", ""));
    suite.delete(&path).await.ok();
    let gone = suite.control(Method::POST, &resend, Value::Null).await;
    assert_eq!(gone.error(), (404, "resource_not_found", ""));
}

#[tokio::test]
async fn idle_means_that_everything_due_was_attempted() {
    let suite = Suite::start().await;
    let (mut slow, mut fast) = (Receiver::start().await, Receiver::start().await);
    let events = json!(["user.created"]);
    for app in [&slow, &fast] {
        suite
            .add_webhook(json!({ "url": app.url, "events": events }))
            .await;
    }
    slow.stall();
    slow.answer_with(500);
    suite.create_user("bob@example.com").await;
    // Neither endpoint waits for the other one.
    slow.next().await;
    fast.next().await;
    let (settled, ()) = tokio::join!(suite.settled(), async {
        suite.get("/health").await;
        slow.resume();
    });
    let outcomes: BTreeSet<(&str, &str)> = settled
        .iter()
        .map(|one| (one["status"].as_str().unwrap(), one["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        outcomes,
        BTreeSet::from([
            ("delivered", "204 No Content"),
            ("pending", "500 Internal Server Error")
        ])
    );

    // The next attempt is due on the clock of the instance.
    slow.answer_with(200);
    suite.post("/clock", json!({ "advance": "6s" })).await;
    let settled = suite.settled().await;
    assert!(settled.iter().all(|one| one["status"] == "delivered"));
    assert_eq!(slow.all().len(), 1);
    assert!(fast.all().is_empty());

    // Flushing also makes the attempts that are not due yet.
    slow.answer_with(500);
    suite.create_user("cleo@example.com").await;
    assert_eq!(
        suite
            .settled()
            .await
            .iter()
            .filter(|one| one["status"] == "pending")
            .count(),
        1
    );
    slow.answer_with(200);
    suite
        .post("/deliveries/flush", json!({ "order": "forward" }))
        .await;
    let settled = suite.settled().await;
    assert!(settled.iter().all(|one| one["status"] == "delivered"));
    let of_users = suite.get("/deliveries?type=user.*").await;
    assert_eq!(of_users["data"], json!(settled));
    assert_eq!(suite.get("/deliveries?type=session.*").await["total_count"], 0);
    for (query, param) in [("wait=5", "wait"), ("type=user.create", "type")] {
        let answer = suite
            .control(Method::GET, &format!("/deliveries?{query}"), Value::Null)
            .await;
        assert_eq!(answer.error(), (422, "form_param_value_invalid", param));
    }
}
