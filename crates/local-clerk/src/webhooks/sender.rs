//! Sends the events in the outbox.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, redirect::Policy};
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use url::Url;

use super::{
    super::{
        call::Shared,
        errors, id,
        keys::Keys,
        model::{DAY, SECOND},
        store::Store,
    },
    Delivery,
};

/// How long to wait for the reply of the receiver.
const TIMEOUT: Duration = Duration::from_secs(15);
const USER_AGENT: &str = concat!("local-clerk/", env!("CARGO_PKG_VERSION"), " (not Clerk)");

/// The receiver of the events.
#[derive(Debug)]
pub(crate) struct Webhooks {
    url: Url,
    http: Client,
    wake: Notify,
}

impl Webhooks {
    pub(crate) fn new(url: Url) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            // The receiver is on this machine.
            .no_proxy()
            .build()?;
        Ok(Self {
            url,
            http,
            wake: Notify::new(),
        })
    }

    /// Wakes the sender. It waits for the transaction that stores the event.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Makes one attempt; returns whether the event was received, and the result as text.
    async fn send(&self, keys: &Keys, delivery: &Delivery, now: i64) -> (bool, String) {
        let timestamp = now / SECOND;
        let request = self
            .http
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("svix-id", &delivery.id)
            .header("svix-timestamp", timestamp)
            .header("svix-signature", sign(keys, delivery, timestamp))
            .body(delivery.payload.clone());
        match request.send().await {
            Ok(response) => (response.status().is_success(), response.status().to_string()),
            Err(error) if error.is_timeout() => (false, "timed out".to_owned()),
            Err(_) => (false, "connection failed".to_owned()),
        }
    }
}

fn sign(keys: &Keys, delivery: &Delivery, timestamp: i64) -> String {
    let secret = keys.webhook_secret.expose_secret().trim_start_matches("whsec_");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap_or_default());
    let message = format!("{}.{timestamp}.{}", delivery.id, delivery.payload);
    format!("v1,{}", STANDARD.encode(hmac::sign(&key, message.as_bytes())))
}

/// Sends events when they are due, until it is dropped.
pub(crate) async fn run(shared: Arc<Shared>) {
    let Some(webhooks) = &shared.webhooks else { return };
    loop {
        let next = deliver_due(&shared, webhooks, id::now()).await;
        let next = next.unwrap_or_else(|error| {
            tracing::error!(%error, "the local Clerk cannot read its outbox");
            None
        });
        let pause = next.map_or(DAY, |at| (at - id::now()).max(0));
        tokio::select! {
            () = webhooks.wake.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(pause.unsigned_abs())) => {}
        }
    }
}

/// Sends the events that are due, in order, and returns when the next one is due.
pub(crate) async fn deliver_due(
    shared: &Shared,
    webhooks: &Webhooks,
    now: i64,
) -> Result<Option<i64>, tokio_rusqlite::Error<errors::Error>> {
    let pending = in_transaction(shared, |store| Ok(Delivery::pending(store)?)).await?;
    for due in pending.iter().filter(|delivery| delivery.next_attempt_at <= now) {
        let (received, outcome) = webhooks.send(&shared.keys, due, id::now()).await;
        tracing::debug!(
            event = due.event_type,
            id = due.id,
            outcome,
            "the local Clerk (not Clerk) sent a webhook"
        );
        let id = due.id.clone();
        in_transaction(shared, move |store| {
            // It may have been deleted by a reset in the meantime.
            if let Some(mut delivery) = store.get::<Delivery>(&id)? {
                delivery.attempted(received, outcome, now);
                store.put(&delivery)?;
            }
            Ok(())
        })
        .await?;
    }
    let left = in_transaction(shared, |store| Ok(Delivery::pending(store)?)).await?;
    Ok(left.iter().map(|delivery| delivery.next_attempt_at).min())
}

async fn in_transaction<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce(&Store<'_>) -> Result<T, errors::Error> + Send + 'static,
) -> Result<T, tokio_rusqlite::Error<errors::Error>> {
    let work = move |connection: &mut rusqlite::Connection| {
        let store = Store::begin(connection)?;
        let done = work(&store)?;
        store.commit()?;
        Ok(done)
    };
    shared.connection.call(work).await
}
