//! Sends the events in the outbox.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, redirect::Policy};
use secrecy::ExposeSecret as _;
use tokio::{sync::Notify, task, task::JoinSet};

use crate::{
    changes::Changes,
    clock::Clock,
    error,
    keys::Keys,
    model::{ClockOffset, DAY, SECOND, Webhook},
    store::Store,
};

use super::Delivery;

/// How long to wait for the reply of the receiver.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long to wait after an error of the store.
const REST: Duration = Duration::from_secs(1);
const USER_AGENT: &str = concat!("local-clerk/", env!("CARGO_PKG_VERSION"), " (not Clerk)");

type Error = tokio_rusqlite::Error<error::Error>;

/// How events are sent.
#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    /// Set up when it is first needed, as most instances send nothing.
    http: OnceLock<Client>,
    wake: Notify,
}

impl Webhooks {
    /// Returns the HTTP client.
    pub(crate) fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            // The receiver is on this machine.
            .no_proxy()
            .build()?;
        Ok(self.http.get_or_init(|| client))
    }

    /// Wakes the sender. It waits for the transaction that stores the event.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Makes one attempt; returns whether the event was received, and the result as text.
    async fn send(&self, keys: &Keys, delivery: &Delivery, webhook: &Webhook, now: i64) -> (bool, String) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return (false, error.to_string()),
        };
        let timestamp = now / SECOND;
        let secret = webhook.secret.as_deref();
        let secret = secret.unwrap_or_else(|| keys.webhook_secret.expose_secret());
        let request = client
            .post(&webhook.url)
            .header("content-type", "application/json")
            .header("svix-id", delivery.svix_id())
            .header("svix-timestamp", timestamp)
            .header("svix-signature", sign(secret, delivery, timestamp))
            .body(delivery.payload.clone());
        match request.send().await {
            Ok(response) => (response.status().is_success(), response.status().to_string()),
            Err(error) if error.is_timeout() => (false, "timed out".to_owned()),
            Err(_) => (false, "connection failed".to_owned()),
        }
    }
}

fn sign(secret: &str, delivery: &Delivery, timestamp: i64) -> String {
    let secret = secret.trim_start_matches("whsec_");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap_or_default());
    let message = format!("{}.{timestamp}.{}", delivery.svix_id(), delivery.payload);
    format!("v1,{}", STANDARD.encode(hmac::sign(&key, message.as_bytes())))
}

/// Delivers the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) connection: tokio_rusqlite::Connection,
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) changes: Arc<Changes>,
}

/// What is to be sent.
#[derive(Default)]
pub(crate) struct Plan {
    /// What is due, in order.
    pub(crate) due: Vec<Delivery>,
    /// When something else is due.
    pub(crate) next: Option<i64>,
}

impl Sender {
    /// Sends whatever is due, for as long as it is polled: to each endpoint in order, and to several endpoints at the same
    /// time, so that none waits for a slow one.
    pub(crate) async fn run(self) {
        let mut sending = JoinSet::new();
        let mut busy: HashMap<task::Id, String> = HashMap::new();
        loop {
            let (due, pause) = self.plan_now().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the local Clerk cannot read its outbox");
                (BTreeMap::new(), REST)
            });
            for (webhook_id, due) in due {
                if !busy.values().any(|other| *other == webhook_id) {
                    let task = sending.spawn(self.clone().deliver(due));
                    busy.insert(task.id(), webhook_id);
                }
            }
            tokio::select! {
                () = self.webhooks.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
                Some(done) = sending.join_next_with_id() => {
                    let id = match done {
                        Ok((id, ())) => id,
                        Err(error) => error.id(),
                    };
                    busy.remove(&id);
                }
            }
        }
    }

    /// Returns what is due for each endpoint, and how long nothing else is.
    async fn plan_now(&self) -> Result<(BTreeMap<String, Vec<Delivery>>, Duration), Error> {
        let plan = self.plan(self.now().await?).await?;
        let mut due: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
        for delivery in plan.due {
            due.entry(delivery.webhook_id.clone()).or_default().push(delivery);
        }
        let now = self.now().await?;
        let pause = plan.next.map_or(DAY, |at| (at - now).max(0));
        Ok((due, Duration::from_millis(pause.unsigned_abs())))
    }

    async fn deliver(self, due: Vec<Delivery>) {
        for delivery in due {
            let attempt = async { self.attempt(delivery, self.now().await?).await };
            if let Err(error) = attempt.await {
                tracing::error!(%error, "the local Clerk cannot use its outbox");
                tokio::time::sleep(REST).await;
                return;
            }
        }
    }

    /// The time on the clock of the instance.
    async fn now(&self) -> Result<i64, Error> {
        let offset = self.in_transaction(|store| Ok(ClockOffset::of(store)?)).await?;
        Ok(self.clock.now() + offset)
    }

    /// Returns what is to be sent at a time, and when something else is.
    pub(crate) async fn plan(&self, now: i64) -> Result<Plan, Error> {
        let scheduled = self
            .in_transaction(|store| Ok(Delivery::scheduled(store)?))
            .await?;
        let mut plan = Plan::default();
        for (delivery, _) in scheduled {
            if delivery.next_attempt_at > now {
                plan.next = Some(delivery.next_attempt_at);
                break;
            }
            plan.due.push(delivery);
        }
        Ok(plan)
    }

    /// Makes one attempt, unless the delivery is no longer to be sent as planned.
    pub(crate) async fn attempt(&self, delivery: Delivery, now: i64) -> Result<(), Error> {
        let planned = delivery.next_attempt_at;
        let confirmed = self.in_transaction(move |store| Ok(delivery.confirmed(store)?));
        let Some((delivery, webhook)) = confirmed.await? else {
            return Ok(());
        };
        // Receivers compare the time of a webhook with the real one.
        let sent = self
            .webhooks
            .send(&self.keys, &delivery, &webhook, self.clock.now());
        let (received, outcome) = sent.await;
        tracing::debug!(
            event = delivery.event_type,
            id = delivery.svix_id(),
            outcome,
            "the local Clerk (not Clerk) sent a webhook"
        );
        self.in_transaction(move |store| {
            // A reset may have deleted it in the meantime.
            if let Some(mut delivery) = store.get::<Delivery>(&delivery.id)? {
                delivery.attempted(planned, received, outcome, now);
                store.put(&delivery)?;
            }
            Ok(())
        })
        .await
    }

    async fn in_transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store<'_>) -> Result<T, error::Error> + Send + 'static,
    ) -> Result<T, Error> {
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
