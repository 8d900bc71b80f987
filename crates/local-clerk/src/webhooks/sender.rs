//! Sends the events in the outbox.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, redirect::Policy};
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use url::Url;

use crate::{
    changes::Changes,
    clock::Clock,
    error,
    keys::Keys,
    model::{ClockOffset, DAY, SECOND},
    store::Store,
};

use super::Delivery;

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

/// Delivers the outbox.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) connection: tokio_rusqlite::Connection,
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) changes: Arc<Changes>,
}

impl Sender {
    /// Sends whatever is due, for as long as it is polled.
    pub(crate) async fn run(self) {
        loop {
            let pause = self.deliver().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the local Clerk cannot read its outbox");
                DAY
            });
            tokio::select! {
                () = self.webhooks.wake.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(pause.unsigned_abs())) => {}
            }
        }
    }

    /// Sends whatever is due, and returns how long nothing else is.
    async fn deliver(&self) -> Result<i64, tokio_rusqlite::Error<error::Error>> {
        let next = self.deliver_due(self.now().await?).await?;
        let now = self.now().await?;
        Ok(next.map_or(DAY, |at| (at - now).max(0)))
    }

    /// The time on the clock of the instance.
    async fn now(&self) -> Result<i64, tokio_rusqlite::Error<error::Error>> {
        let offset = self.in_transaction(|store| Ok(ClockOffset::of(store)?)).await?;
        Ok(self.clock.now() + offset)
    }

    /// Sends whatever is due, in order, and returns when something is due again.
    pub(crate) async fn deliver_due(
        &self,
        now: i64,
    ) -> Result<Option<i64>, tokio_rusqlite::Error<error::Error>> {
        let pending = self.in_transaction(|store| Ok(Delivery::pending(store)?)).await?;
        for due in pending.iter().filter(|delivery| delivery.next_attempt_at <= now) {
            // Receivers compare the time of a webhook with the real one.
            let (received, outcome) = self.webhooks.send(&self.keys, due, self.clock.now()).await;
            tracing::debug!(
                event = due.event_type,
                id = due.id,
                outcome,
                "the local Clerk (not Clerk) sent a webhook"
            );
            let id = due.id.clone();
            self.in_transaction(move |store| {
                // A reset may have deleted it in the meantime.
                if let Some(mut delivery) = store.get::<Delivery>(&id)? {
                    delivery.attempted(received, outcome, now);
                    store.put(&delivery)?;
                }
                Ok(())
            })
            .await?;
        }
        let left = self.in_transaction(|store| Ok(Delivery::pending(store)?)).await?;
        Ok(left.iter().map(|delivery| delivery.next_attempt_at).min())
    }

    async fn in_transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, error::Error> + Send + 'static,
    ) -> Result<T, tokio_rusqlite::Error<error::Error>> {
        let changes = Arc::clone(&self.changes);
        let work = move |connection: &mut rusqlite::Connection| {
            let store = Store::begin(connection)?;
            let done = work(&store)?;
            let has_changed = store.has_changed();
            store.commit()?;
            if has_changed {
                changes.announce();
            }
            Ok(done)
        };
        self.connection.call(work).await
    }
}
