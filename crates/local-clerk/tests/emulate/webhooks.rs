use std::collections::BTreeSet;

use local_clerk::LocalClerk;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Answer, SEED, Suite,
    receiver::{Receiver, SECRET, Webhook, addresses},
};

fn types(webhooks: &[Webhook]) -> Vec<String> {
    webhooks.iter().map(Webhook::event_type).collect()
}

#[tokio::test]
async fn each_endpoint_receives_the_events_that_it_wants_in_its_own_signature() {
    let suite = Suite::start().await;
    let (mut all, mut some) = (Receiver::start().await, Receiver::start().await);
    suite.add_webhook(json!({ "url": all.url })).await;
    let events = json!(["user.*", "organization.created"]);
    let some_path = suite
        .add_webhook(json!({ "url": some.url, "events": events, "secret": SECRET }))
        .await;

    let listed = suite.get("/webhooks").await;
    assert_eq!(listed["total_count"], 2);
    let instance_secret = suite.clerk.keys().webhook_secret();
    assert_eq!(listed["data"][0]["secret"], instance_secret);
    assert_eq!(listed["data"][0]["events"], Value::Null);
    let endpoint = suite.get(&some_path).await;
    assert_eq!(listed["data"][1], endpoint);
    assert_eq!(
        (&endpoint["events"], &endpoint["secret"], &endpoint["paused"]),
        (&events, &json!(SECRET), &json!(false))
    );

    let user = suite.create_user("bob@example.com").await;
    let organization = json!({ "name": "Acme", "created_by": user["id"] });
    suite
        .backend(Method::POST, "/v1/organizations", organization)
        .await
        .ok();
    let deliveries = suite.get("/deliveries?wait=idle").await;
    let deliveries = deliveries["data"].as_array().unwrap();
    assert!(
        deliveries
            .iter()
            .all(|one| one["status"] == "delivered" && one["attempts"] == 1)
    );

    let (all, some) = (all.all(), some.all());
    assert_eq!(deliveries.len(), all.len() + some.len());
    assert_eq!(types(&some), ["user.created", "organization.created"]);
    let mut all_types = types(&all);
    assert!(all_types.contains(&"organizationMembership.created".to_owned()));
    all_types.retain(|event| types(&some).contains(event));
    assert_eq!(all_types, types(&some));
    assert!(all.iter().all(|webhook| webhook.is_signed_with(instance_secret)));
    assert!(some.iter().all(|webhook| webhook.is_signed_with(SECRET)));

    // An event has the same id everywhere, and a delivery has one of its own.
    let ids: BTreeSet<&str> = all.iter().map(Webhook::id).collect();
    assert!(some.iter().all(|webhook| ids.contains(webhook.id())));
    let newest = &deliveries[0];
    assert_eq!(newest["svix_id"], all.last().unwrap().id());
    let own: BTreeSet<&str> = deliveries.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(own.len(), deliveries.len());
    let of_some = deliveries
        .iter()
        .filter(|one| Some(one["webhook_id"].as_str().unwrap()) == endpoint["id"].as_str());
    assert_eq!(of_some.count(), some.len());
}

#[tokio::test]
async fn nothing_is_sent_to_an_endpoint_that_was_deleted() {
    let suite = Suite::start().await;
    let mut app = Receiver::start().await;
    let path = suite.add_webhook(json!({ "url": app.url, "paused": true })).await;
    suite.create_user("bob@example.com").await;
    assert_eq!(suite.settled().await.len(), 1);
    assert_eq!(suite.delete(&path).await.ok(), json!({ "deleted": 1 }));
    suite.create_user("cleo@example.com").await;
    suite.post("/deliveries/flush", Value::Null).await;
    assert!(suite.settled().await.is_empty());
    assert!(app.all().is_empty());
    assert_eq!(suite.get("/webhooks").await["total_count"], 0);
    for answer in [
        suite.delete(&path).await,
        suite.patch(&path, json!({ "paused": true })).await,
        suite.control(Method::GET, &path, Value::Null).await,
    ] {
        assert_eq!(answer.error(), (404, "resource_not_found", ""));
    }
}

#[tokio::test]
async fn the_configured_endpoint_is_there_after_a_reset() {
    let mut app = Receiver::start().await;
    let builder = LocalClerk::builder()
        .seed_str(SEED)
        .webhook_url(app.url.parse().unwrap());
    let suite = Suite::with(builder).await;
    let other = json!({ "url": "http://localhost:9/", "events": ["session.*"] });
    suite.add_webhook(other.clone()).await;
    let configured = suite.get("/webhooks").await["data"][0].take();
    assert_eq!(
        (&configured["url"], &configured["events"]),
        (&json!(app.url), &Value::Null)
    );
    let path = format!("/webhooks/{}", configured["id"].as_str().unwrap());

    assert_eq!(suite.delete(&path).await.error(), (409, "webhook_configured", ""));
    assert_eq!(
        suite.patch(&path, other).await.error(),
        (422, "form_param_value_invalid", "url")
    );
    let change = json!({ "paused": true, "events": ["sms.created"], "secret": SECRET });
    suite.patch(&path, change).await.ok();
    suite.create_user("bob@example.com").await;
    assert!(suite.settled().await.is_empty());

    // Endpoints are no part of the state that snapshots contain.
    suite
        .control(Method::PUT, "/snapshots/paused", Value::Null)
        .await
        .ok();
    for body in [None, Some(SEED)] {
        match body {
            None => drop(suite.post("/reset", Value::Null).await),
            Some(seed) => {
                suite.patch(&path, json!({ "paused": true })).await.ok();
                let put = suite.request(Method::PUT, "/_emulate/seed").body(seed);
                Answer::of(put).await.ok();
            }
        }
        let webhooks = suite.get("/webhooks").await;
        assert_eq!(webhooks["total_count"], 1);
        let mut reset = webhooks["data"][0].clone();
        reset["created_at"] = configured["created_at"].clone();
        assert_eq!(reset, configured);
    }
    suite.post("/snapshots/paused/restore", Value::Null).await;
    assert_eq!(suite.get("/webhooks").await["data"][0]["paused"], false);
    suite.create_user("cleo@example.com").await;
    suite.settled().await;
    assert_eq!(addresses(&app.all()[..1]), ["cleo@example.com"]);
}

#[tokio::test]
async fn endpoints_and_what_is_pending_survive_a_restart() {
    let directory = std::env::temp_dir().join(format!("local-clerk-endpoints-{}", std::process::id()));
    let start = || {
        Suite::with(
            LocalClerk::builder()
                .seed_str(SEED)
                .data(directory.join("webhooks.sqlite")),
        )
    };
    let mut app = Receiver::start().await;
    let suite = start().await;
    let path = suite
        .add_webhook(json!({ "url": app.url, "events": ["user.created"], "paused": true }))
        .await;
    suite.create_user("bob@example.com").await;
    suite.clerk.shutdown().await;

    let suite = start().await;
    assert_eq!(suite.settled().await[0]["status"], "pending");
    suite.patch(&path, json!({ "paused": false })).await.ok();
    assert_eq!(addresses(&[app.next().await]), ["bob@example.com"]);
    suite.clerk.shutdown().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn mistakes_in_endpoints_are_named() {
    let suite = Suite::start().await;
    let url = "http://localhost:9/hook";
    let path = suite.add_webhook(json!({ "url": url })).await;
    let before = suite.get(&path).await;
    for (endpoint, code, param) in [
        (
            json!({ "url": "https://example.com/hook" }),
            "form_param_value_invalid",
            "url",
        ),
        (
            json!({ "url": "localhost:3000" }),
            "form_param_value_invalid",
            "url",
        ),
        (json!({ "url": "/hook" }), "form_param_value_invalid", "url"),
        (
            json!({ "url": "file://localhost/etc" }),
            "form_param_value_invalid",
            "url",
        ),
        (
            json!({ "url": "http://a:b@localhost/" }),
            "form_param_value_invalid",
            "url",
        ),
        (
            json!({ "url": url, "events": [] }),
            "form_param_value_invalid",
            "events",
        ),
        (
            json!({ "url": url, "events": "user.*" }),
            "form_param_value_invalid",
            "events",
        ),
        (
            json!({ "url": url, "events": ["users.*"] }),
            "form_param_value_invalid",
            "events",
        ),
        (
            json!({ "url": url, "events": ["user.create"] }),
            "form_param_value_invalid",
            "events",
        ),
        (
            json!({ "url": url, "secret": "whsec_c2hvcnQ=" }),
            "form_param_value_invalid",
            "secret",
        ),
        (
            json!({ "url": url, "secret": "" }),
            "form_param_value_invalid",
            "secret",
        ),
        (
            json!({ "url": url, "paused": "yes" }),
            "form_param_value_invalid",
            "paused",
        ),
    ] {
        let created = suite.control(Method::POST, "/webhooks", endpoint.clone()).await;
        assert_eq!(created.error(), (422, code, param), "{endpoint}");
        let changed = suite.patch(&path, endpoint.clone()).await;
        assert_eq!(changed.error(), (422, code, param), "{endpoint}");
    }
    let missing = suite.control(Method::POST, "/webhooks", json!({})).await;
    assert_eq!(missing.error(), (422, "form_param_missing", "url"));
    let order = json!({ "order": "random" });
    let flushed = suite.control(Method::POST, "/deliveries/flush", order).await;
    assert_eq!(flushed.error(), (422, "form_param_value_invalid", "order"));
    assert_eq!(suite.get("/webhooks").await["data"], json!([before]));
    // `null` is for all events, and for the secret of the instance.
    let change = json!({ "events": ["*"], "secret": SECRET });
    assert_eq!(suite.patch(&path, change).await.ok()["events"], json!(["*"]));
    let change = json!({ "events": null, "secret": null });
    assert_eq!(suite.patch(&path, change).await.ok(), before);
}

#[tokio::test]
async fn an_app_can_deliver_the_messages_itself() {
    let suite = Suite::start().await;
    let mut app = Receiver::start().await;
    let messages = json!(["email.created", "sms.created"]);
    suite
        .add_webhook(json!({ "url": app.url, "events": messages }))
        .await;
    suite.browser().await.ask_for_code().await;
    let by_clerk = app.next().await.event()["data"].take();
    assert_eq!(by_clerk["delivered_by_clerk"], true);

    let settings = json!({
        "delivered_by_clerk": false,
        "email_links": true,
        "phone_number": "optional",
        "sign_up_mode": "waitlist",
    });
    suite.patch("/settings", settings).await.ok();
    let user = json!({ "email_address": ["bob@example.com"], "phone_number": ["+12015550100"] });
    let user = suite.backend(Method::POST, "/v1/users", user).await.ok();
    let browser = suite.browser().await;
    let fields = [("identifier", "bob@example.com")];
    let attempt = browser.post("/v1/client/sign_ins", &fields).await.ok();
    let prepare = format!(
        "/v1/client/sign_ins/{}/prepare_first_factor",
        attempt["response"]["id"].as_str().unwrap()
    );
    let mut sent = Vec::new();
    for strategy in [
        "email_code",
        "reset_password_email_code",
        "email_link",
        "phone_code",
    ] {
        let fields = [
            ("strategy", strategy),
            ("redirect_url", "http://localhost:3000/verify"),
        ];
        browser.post(&prepare, &fields).await.ok();
        sent.push(app.next().await.event());
    }
    let invitation = json!({ "email_address": "cleo@example.com" });
    suite
        .backend(Method::POST, "/v1/invitations", invitation)
        .await
        .ok();
    sent.push(app.next().await.event());
    let entry = json!({ "email_address": "dan@example.com" });
    let entry = suite
        .backend(Method::POST, "/v1/waitlist_entries", entry)
        .await
        .ok();
    sent.push(app.next().await.event());
    let invite = format!("/v1/waitlist_entries/{}/invite", entry["id"].as_str().unwrap());
    suite.backend(Method::POST, &invite, json!({})).await.ok();
    sent.push(app.next().await.event());

    let seen: Vec<(&str, &str, &str, bool)> = sent
        .iter()
        .map(|event| {
            let data = &event["data"];
            assert_eq!(data["delivered_by_clerk"], false);
            (
                event["type"].as_str().unwrap(),
                data["slug"].as_str().unwrap(),
                data["data"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .next()
                    .map_or("", String::as_str),
                data["user_id"] == user["id"],
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("email.created", "verification_code", "otp_code", true),
            ("email.created", "reset_password_code", "otp_code", true),
            ("email.created", "magic_link_sign_in", "magic_link", true),
            ("sms.created", "verification_code", "otp_code", true),
            ("email.created", "invitation", "action_url", false),
            ("email.created", "waitlist_confirmation", "", false),
            ("email.created", "waitlist_invitation", "action_url", false),
        ]
    );
    assert_eq!(sent[0]["data"]["data"]["otp_code"], "424242");
    assert_eq!(
        sent[0]["data"]["email_address_id"],
        user["email_addresses"][0]["id"]
    );
    assert_eq!(sent[3]["data"]["phone_number_id"], user["phone_numbers"][0]["id"]);
    assert_eq!(sent[3]["data"]["to_phone_number"], "+12015550100");
}
