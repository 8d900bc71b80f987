//! Webhooks of a local Clerk: typed, and each handled once.

use std::{
    collections::HashSet,
    future::IntoFuture,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use axum_clerk::VerifiedWebhook;
use clerk_auth::{
    Clerk, Options, WebhookEvent, WebhookSecret,
    api::{CreateOrganization, CreateUser, CreateWaitlistEntry, UpdateUser},
    webhooks::{Delivered, Deliveries, DeliveryError, WebhookData},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};
use url::Url;

use crate::support::start_with;

#[derive(Clone)]
struct App {
    clerk: Clerk,
    deliveries: Deliveries,
    handled: mpsc::UnboundedSender<WebhookEvent>,
    /// How many deliveries are still to fail.
    failures: Arc<AtomicUsize>,
}

impl FromRef<App> for Clerk {
    fn from_ref(app: &App) -> Self {
        app.clerk.clone()
    }
}

async fn receive(State(app): State<App>, VerifiedWebhook(event): VerifiedWebhook) -> StatusCode {
    let handle = async {
        let is_failure = app
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok();
        if is_failure {
            return Err("the database is down");
        }
        app.handled.send(event.clone()).map_err(|_| "nobody listens")
    };
    match app.deliveries.once(&event, handle).await {
        Ok(delivered) => delivered.status(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[tokio::test]
async fn events_of_the_local_clerk_are_typed_and_handled_once_though_the_first_delivery_fails() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/webhooks", listener.local_addr().unwrap())).unwrap();
    let (local, clerk) = start_with(|builder| builder.webhook_url(url)).await;
    let (handled, mut events) = mpsc::unbounded_channel();
    let app = App {
        clerk: Clerk::new(Options {
            webhook_secret: Some(WebhookSecret::parse(local.keys().webhook_secret()).unwrap()),
            ..clerk.options().clone()
        })
        .unwrap(),
        deliveries: Deliveries::in_memory(100),
        handled,
        failures: Arc::new(AtomicUsize::new(1)),
    };
    let failures = Arc::clone(&app.failures);
    let router = Router::new().route("/webhooks", post(receive)).with_state(app);
    tokio::spawn(axum::serve(listener, router).into_future());

    let ada = CreateUser {
        email_address: vec!["ada@example.com".to_owned()],
        ..CreateUser::default()
    };
    let ada = clerk.api().users().create(&ada).await.unwrap();
    let change = UpdateUser {
        first_name: "Ada".into(),
        ..UpdateUser::default()
    };
    clerk.api().users().update(&ada.id, &change).await.unwrap();
    let acme = CreateOrganization {
        created_by: Some(ada.id.clone()),
        ..CreateOrganization::new("Acme")
    };
    clerk.api().organizations().create(&acme).await.unwrap();
    clerk
        .api()
        .waitlist_entries()
        .create(&CreateWaitlistEntry::new("eager@example.com"))
        .await
        .unwrap();
    let session = local.session_of("ada@example.com").await.unwrap();
    clerk.api().sessions().revoke(session.session_id()).await.unwrap();
    clerk.api().users().delete(&ada.id).await.unwrap();

    let mut seen = Vec::new();
    let mut ids = HashSet::new();
    while !(seen.contains(&"user.deleted".to_owned()) && seen.contains(&"user.created".to_owned())) {
        let event = events.recv().await.unwrap();
        assert!(
            event.id.starts_with("msg_") && ids.insert(event.id.clone()),
            "{event:?} was handled twice"
        );
        match event.typed().unwrap() {
            WebhookData::UserCreated(user) => {
                assert_eq!(user.email_addresses[0].email_address, "ada@example.com")
            }
            WebhookData::UserUpdated(user) => assert_eq!(user.id, ada.id),
            WebhookData::UserDeleted(user) => assert!(user.deleted && user.id == ada.id),
            WebhookData::OrganizationCreated(organization) => assert_eq!(organization.name, "Acme"),
            WebhookData::OrganizationMembershipCreated(member) => assert_eq!(member.role, "org:admin"),
            WebhookData::WaitlistEntryCreated(entry) => assert_eq!(entry.email_address, "eager@example.com"),
            WebhookData::SessionCreated(event) | WebhookData::SessionRevoked(event) => {
                assert_eq!(event.session.user_id, ada.id)
            }
            WebhookData::Unknown(data) => panic!("{} {data}", event.event_type),
            _ => {}
        }
        seen.push(event.event_type);
    }
    assert_eq!(
        failures.load(Ordering::SeqCst),
        0,
        "the first delivery has failed"
    );
    for expected in [
        "user.updated",
        "organization.created",
        "organizationMembership.created",
        "waitlistEntry.created",
        "session.revoked",
    ] {
        assert!(
            seen.contains(&expected.to_owned()),
            "{expected} is not among {seen:?}"
        );
    }
}

fn event(event_type: &str, data: &Value) -> WebhookEvent {
    let event = json!({ "type": event_type, "object": "event", "data": data, "timestamp": 1, "instance_id": "ins_1" });
    serde_json::from_value(event).unwrap()
}

#[test]
fn each_official_type_is_known() {
    let declared =
        std::fs::read_to_string("node_modules/@clerk/backend/dist/api/resources/Webhooks.d.ts").unwrap();
    let quoted = declared.split('\'').skip(1).step_by(2);
    let types: Vec<&str> = quoted
        .filter(|text| text.contains('.') && !text.contains('/'))
        .collect();
    assert!(types.len() > 40, "{types:?}");
    for event_type in types {
        let typed = event(event_type, &json!({ "id": "x_1", "object": "y" }))
            .typed()
            .unwrap();
        assert!(
            !matches!(typed, WebhookData::Unknown(_)),
            "{event_type} is unknown"
        );
    }
}

#[test]
fn data_is_read_as_the_official_types_have_it() {
    let item = json!({
        "object": "commerce_subscription_item", "id": "csubi_1", "status": "active", "plan_period": "month",
        "credit": { "amount": null, "cycle_days_remaining": 1, "cycle_remaining_percent": 3.5 },
        "period_start": 1, "period_end": null, "lifetime_paid": 1200, "next_payment_amount": 1200, "next_payment_date": 2,
        "amount": { "amount": 1200, "amount_formatted": "12.00", "currency": "USD", "currency_symbol": "$" },
        "plan": { "id": "cplan_1", "slug": "pro", "name": "Pro", "amount": 1200, "is_default": false, "is_recurring": true },
        "payer": { "object": "commerce_payer", "id": "cpayer_1", "user_id": "user_1", "email": "ada@example.com" },
    });
    let WebhookData::SubscriptionItemFreeTrialEnding(typed) =
        event("subscriptionItem.freeTrialEnding", &item).typed().unwrap()
    else {
        panic!("another type")
    };
    assert_eq!(typed.plan.unwrap().slug.as_deref(), Some("pro"));
    assert_eq!(typed.payer.unwrap().user_id.as_deref(), Some("user_1"));
    let subscription =
        json!({ "id": "csub_1", "status": "past_due", "items": [item], "payer_id": "cpayer_1" });
    let WebhookData::SubscriptionPastDue(typed) =
        event("subscription.pastDue", &subscription).typed().unwrap()
    else {
        panic!("another type")
    };
    assert_eq!((typed.status.as_str(), typed.items.len()), ("past_due", 1));

    let email = json!({ "id": "ema_1", "slug": "verification_code", "subject": "123456 is your code", "data": { "otp_code": "123456" }, "delivered_by_clerk": true });
    let email = event("email.created", &email);
    let WebhookData::EmailCreated(typed) = email.typed().unwrap() else {
        panic!("another type")
    };
    assert_eq!(typed.data.as_ref().unwrap()["otp_code"], "123456");
    assert!(!format!("{typed:?} {email:?}").contains("123456"));
}

#[test]
fn an_unknown_type_keeps_its_data_and_malformed_data_of_a_known_one_is_an_error() {
    let data = json!({ "id": "x_1", "new": [1, 2] });
    assert!(
        matches!(event("planet.discovered", &data).typed().unwrap(), WebhookData::Unknown(kept) if kept == data)
    );
    let error = event("user.created", &json!({ "id": 7 })).typed().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the data of the event user.created cannot be read"),
        "{error}"
    );
}

#[tokio::test]
async fn a_message_is_handled_again_only_if_its_handler_has_failed() {
    let deliveries = Deliveries::in_memory(10);
    let mut message = event("user.created", &json!({ "id": "user_1" }));
    message.id = "msg_1".to_owned();
    let failed = deliveries.once(&message, async { Err("down") }).await;
    assert!(matches!(failed, Err(DeliveryError::Handler("down"))));

    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let first = deliveries.once(&message, async { released.await.map_err(|_| "dropped") });
    let mut first = std::pin::pin!(first);
    assert!(futures_util::poll!(first.as_mut()).is_pending());
    let second = deliveries
        .once(&message, async { Err("not called") })
        .await
        .unwrap();
    assert_eq!(
        (second, second.status()),
        (Delivered::InProgress, StatusCode::CONFLICT)
    );
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Delivered::Handled);
    let third = deliveries
        .clone()
        .once(&message, async { Err("not called") })
        .await
        .unwrap();
    assert_eq!(
        (third, third.status()),
        (Delivered::Repeated, StatusCode::NO_CONTENT)
    );
}
