use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use aws_lc_rs::hmac;
use axum::{Router, body::Bytes, extract::State, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Data, Local, restart::Scratch};
use crate::{
    Instance,
    clock::{Clock as _, SystemClock},
    model::{MINUTE, SECOND},
    webhooks::Delivery,
};

/// An app that rejects the first webhooks and records all of them.
#[derive(Clone, Default)]
struct Receiver {
    /// How many are still to be rejected.
    refuses: Arc<AtomicUsize>,
    messages: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl Receiver {
    async fn start(refuses: usize) -> (Self, String) {
        let receiver = Self {
            refuses: Arc::new(refuses.into()),
            ..Self::default()
        };
        let routes = Router::new()
            .route("/hook", post(Self::receive))
            .with_state(receiver.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (receiver, url)
    }

    async fn receive(State(receiver): State<Self>, headers: HeaderMap, body: Bytes) -> StatusCode {
        receiver.messages.lock().unwrap().push((headers, body));
        let refused = receiver
            .refuses
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match refused {
            Ok(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Err(_) => StatusCode::NO_CONTENT,
        }
    }

    /// Takes the webhooks received so far: their ids and events, with verified signatures.
    fn take(&self, local: &Local) -> Vec<(String, Event)> {
        let secret = local.shared.keys.webhook_secret();
        let messages = std::mem::take(&mut *self.messages.lock().unwrap());
        messages
            .iter()
            .map(|(headers, body)| {
                verify(secret, headers, body);
                let id = headers["svix-id"].to_str().unwrap().to_owned();
                (id, serde_json::from_slice(body).unwrap())
            })
            .collect()
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    event_type: String,
    instance_id: String,
    data: Value,
}

/// Verifies a signature as the specification of Standard Webhooks says: HMAC-SHA256 of `id.timestamp.body` with the
/// base64-decoded secret, at a time within five minutes.
fn verify(secret: &str, headers: &HeaderMap, body: &[u8]) {
    let header = |name: &str| headers[name].to_str().unwrap();
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut message = format!("{}.{}.", header("svix-id"), header("svix-timestamp")).into_bytes();
    message.extend_from_slice(body);
    let signature = header("svix-signature").strip_prefix("v1,").unwrap();
    let signature = STANDARD.decode(signature).unwrap();
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), &message, &signature).unwrap();
    let sent: i64 = header("svix-timestamp").parse().unwrap();
    assert!((sent - SystemClock.now() / SECOND).abs() < 300, "sent at {sent}");
}

/// Sends the webhooks that are due at `now`, and returns how long it is until the next one is due.
async fn deliver(local: &Local, now: i64) -> Option<i64> {
    let sender = local.shared.webhook_sender();
    for delivery in sender.plan(now, Vec::new()).await.unwrap().due {
        sender.attempt(delivery, now).await.unwrap();
    }
    let next = sender.plan(now, Vec::new()).await.unwrap().next;
    next.map(|at| at - now)
}

/// Causes one event.
async fn rename(local: &Local) -> Value {
    let users = local.backend(Method::GET, "/v1/users", &Value::Null).await.ok();
    let path = format!("/v1/users/{}", users[0]["id"].as_str().unwrap());
    let name = json!({ "first_name": "Else" });
    local.backend(Method::PATCH, &path, &name).await.ok()
}

fn types(events: &[(String, Event)]) -> Vec<&str> {
    events
        .iter()
        .map(|(_, event)| event.event_type.as_str())
        .collect()
}

#[tokio::test]
async fn retries_a_webhook_until_it_is_received() {
    let (receiver, url) = Receiver::start(2).await;
    let scratch = Scratch::new("webhooks");
    let data = Data::File(scratch.0.join("local.sqlite"));
    let local = Local::with_webhooks(data.clone(), &url).await;
    let user = rename(&local).await;

    let now = user["updated_at"].as_i64().unwrap();
    assert_eq!(deliver(&local, now).await, Some(5 * SECOND));
    assert_eq!(deliver(&local, now + 4 * SECOND).await, Some(SECOND), "not yet");
    let first = receiver.take(&local);
    assert_eq!(types(&first), ["user.updated"]);
    assert_eq!(first[0].1.data, user, "the data is as in the Backend API");

    // Another process continues where the first one stopped.
    drop(local);
    let local = Local::with_webhooks(data, &url).await;
    assert_eq!(deliver(&local, now + 5 * SECOND).await, Some(5 * MINUTE));
    assert_eq!(receiver.take(&local)[0].0, first[0].0, "the same id");
    assert_eq!(deliver(&local, now + 6 * MINUTE).await, None, "received");
    assert_eq!(receiver.take(&local).len(), 1);
    deliver(&local, now + 60 * MINUTE).await;
    assert!(receiver.take(&local).is_empty());
}

#[tokio::test]
async fn gives_up_on_a_rejected_webhook_and_can_send_it_again() {
    let (receiver, url) = Receiver::start(8).await;
    let local = Local::with_webhooks(Data::Memory, &url).await;
    let user = rename(&local).await;
    let mut now = user["updated_at"].as_i64().unwrap();
    let mut pauses = Vec::new();
    while let Some(pause) = deliver(&local, now).await {
        pauses.push(pause / SECOND);
        now += pause;
    }
    assert_eq!(pauses, [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    assert_eq!(receiver.messages.lock().unwrap().len(), 8);

    let page = local.page().await;
    assert!(
        page.text
            .contains("<td>failed<small>500 Internal Server Error</small></td><td>8</td>")
    );
    let path = page.text.split("action=\"/webhooks/").nth(1).unwrap();
    let path = format!("/webhooks/{}", path.split('"').next().unwrap());
    assert_eq!(
        local.submit_from("http://evil.example", &path, "").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(local.submit(&path, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(deliver(&local, i64::MAX / 2).await, None);
    assert_eq!(receiver.messages.lock().unwrap().len(), 9);
    assert!(local.page().await.text.contains("</td><td>9</td>"));
}

#[tokio::test]
async fn changes_emit_the_events_of_clerk() {
    let (receiver, url) = Receiver::start(0).await;
    let local = Local::with_webhooks(Data::Memory, &url).await;
    let events = async |local: &Local| {
        deliver(local, i64::MAX / 2).await;
        receiver.take(local)
    };
    let mut browser = local.signed_up("jane@example.com").await;
    let signed_up = events(&local).await;
    assert_eq!(
        types(&signed_up),
        [
            "email.created",
            "user.created",
            "session.created",
            "subscription.created",
            "subscriptionItem.active"
        ]
    );
    assert_eq!(signed_up[0].1.data["to_email_address"], "jane@example.com");
    let (user, session) = (&signed_up[1].1.data, &signed_up[2].1.data);
    assert_eq!(session["user"]["id"], user["id"]);
    let keys = &local.shared.keys;
    assert_eq!(signed_up[1].1.instance_id, keys.instance_id);

    // Neither reading nor being active is an event.
    let id = browser.session_id().await;
    browser
        .post(&format!("/v1/client/sessions/{id}/touch"), &[])
        .await
        .ok();
    assert!(events(&local).await.is_empty());
    browser
        .call(Method::PATCH, "/v1/me", &[("first_name", "Janet")])
        .await
        .ok();
    let updated = events(&local).await;
    assert_eq!(types(&updated), ["user.updated"]);
    assert_eq!(updated[0].1.data["first_name"], "Janet");
    // An error rolls back the event with the change.
    browser
        .call(
            Method::PATCH,
            "/v1/me",
            &[("primary_email_address_id", "idn_unknown")],
        )
        .await
        .error();
    assert!(events(&local).await.is_empty());

    let created = browser.post("/v1/organizations", &[("name", "Acme")]).await.ok();
    let organization = format!(
        "/v1/organizations/{}",
        created["response"]["id"].as_str().unwrap()
    );
    assert_eq!(
        types(&events(&local).await),
        ["organization.created", "organizationMembership.created"]
    );
    let invitation = json!({ "email_address": "joe@example.com", "role": "org:member" });
    let invitation = local
        .backend(Method::POST, &format!("{organization}/invitations"), &invitation)
        .await
        .ok();
    let revoke = format!(
        "{organization}/invitations/{}/revoke",
        invitation["id"].as_str().unwrap()
    );
    local.backend(Method::POST, &revoke, &Value::Null).await.ok();
    assert_eq!(
        types(&events(&local).await),
        [
            "organizationInvitation.created",
            "email.created",
            "organizationInvitation.revoked"
        ]
    );
    local
        .backend(Method::PATCH, &organization, &json!({ "name": "Acme Inc" }))
        .await
        .ok();
    local
        .backend(Method::DELETE, &organization, &Value::Null)
        .await
        .ok();
    let gone = events(&local).await;
    assert_eq!(
        types(&gone),
        [
            "organization.updated",
            "organizationMembership.deleted",
            "organization.deleted"
        ]
    );
    assert!(gone[2].1.data["slug"].is_string(), "{}", gone[2].1.data);

    browser
        .call(Method::DELETE, "/v1/client/sessions", &[])
        .await
        .ok();
    assert_eq!(types(&events(&local).await), ["session.removed"]);
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    let known_as = json!({ "external_id": "42" });
    local.backend(Method::PATCH, &path, &known_as).await.ok();
    local.backend(Method::DELETE, &path, &Value::Null).await.ok();
    let gone = events(&local).await;
    assert_eq!(types(&gone), ["user.updated", "user.deleted"]);
    assert_eq!(
        gone[1].1.data,
        json!({ "object": "user", "id": user["id"], "deleted": true, "external_id": "42" })
    );
}

#[tokio::test]
async fn stores_no_webhooks_without_a_url() {
    let local = Local::new(Instance::Development).await;
    local.signed_up("jane@example.com").await;
    assert!(!local.page().await.text.contains("user.created"));
    let kept = local.shared.connection.call(|connection| {
        connection.query_row(
            "SELECT count(*) FROM documents WHERE kind = ?",
            [<Delivery as crate::store::Document>::KIND],
            |row| row.get::<_, i64>(0),
        )
    });
    assert_eq!(kept.await.unwrap(), 0);
}

#[tokio::test]
async fn the_page_takes_the_place_of_svix() {
    let local = Local::new(Instance::Development).await;
    let url = "/v1/webhooks/svix_url";
    let url = local.backend(Method::POST, url, &Value::Null).await.ok();
    assert_eq!(url["svix_url"], "http://127.0.0.1:5002/");
    let another = local
        .backend(Method::POST, "/v1/webhooks/svix", &Value::Null)
        .await;
    assert_eq!(another.error(), (400, "svix_app_exists"));
}
