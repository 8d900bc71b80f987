//! The outbox: pending deliveries, and the latest of those that have succeeded or failed.

use serde::{Deserialize, Serialize};

use crate::{
    id,
    model::{MINUTE, SECOND, Webhook},
    store::{self, Document, Store},
};

/// Number of deliveries that are kept of those that have succeeded, and of those that have failed.
const MAX_FINISHED: usize = 1000;
/// Pauses after each failed attempt: Svix's schedule.
const PAUSES: [i64; 7] = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * 60 * MINUTE,
    5 * 60 * MINUTE,
    10 * 60 * MINUTE,
    10 * 60 * MINUTE,
];

/// An event for one endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    /// `svix-id` of the event, if another one than `id`.
    #[serde(default)]
    svix_id: Option<String>,
    #[serde(default = "configured")]
    pub(crate) webhook_id: String,
    pub(crate) event_type: String,
    /// The body, byte for byte.
    pub(crate) payload: String,
    status: Status,
    pub(crate) attempts: usize,
    pub(crate) next_attempt_at: i64,
    /// Whether it is sent even if the endpoint is paused.
    #[serde(default)]
    despite_pause: bool,
    /// The result of the last attempt.
    pub(crate) outcome: String,
    pub(crate) created_at: i64,
}

/// The endpoint of a delivery that was stored by a version that had only this one.
fn configured() -> String {
    Webhook::CONFIGURED.to_owned()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Pending,
    Delivered,
    Failed,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl Document for Delivery {
    const KIND: &'static str = "webhook_delivery";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(self.status.name())
    }
}

impl Delivery {
    pub(crate) fn new(webhook_id: &str, svix_id: &str, event_type: &str, payload: &str, now: i64) -> Self {
        Self {
            id: id::new("dlv", now),
            svix_id: Some(svix_id.to_owned()),
            webhook_id: webhook_id.to_owned(),
            event_type: event_type.to_owned(),
            payload: payload.to_owned(),
            status: Status::Pending,
            attempts: 0,
            next_attempt_at: now,
            despite_pause: false,
            outcome: String::new(),
            created_at: now,
        }
    }

    /// `svix-id`, which is the same for all endpoints and attempts.
    pub(crate) fn svix_id(&self) -> &str {
        self.svix_id.as_deref().unwrap_or(&self.id)
    }

    pub(crate) const fn status(&self) -> &'static str {
        self.status.name()
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.status == Status::Pending
    }

    /// Returns all that are not finished, oldest first.
    pub(crate) fn pending(store: &Store<'_>) -> Result<Vec<Self>, store::Error> {
        store.of(Status::Pending.name())
    }

    /// Returns those that are sent at their time, with their endpoints and in the order of their times: not those of paused
    /// endpoints, unless they were asked for.
    pub(crate) fn scheduled(store: &Store<'_>) -> Result<Vec<(Self, Webhook)>, store::Error> {
        let webhooks = store.all::<Webhook>()?;
        let mut scheduled = Vec::new();
        for delivery in Self::pending(store)? {
            let webhook = webhooks.iter().find(|webhook| webhook.id == delivery.webhook_id);
            if let Some(webhook) = webhook.filter(|webhook| delivery.may_be_sent(webhook)) {
                scheduled.push((delivery, webhook.clone()));
            }
        }
        scheduled.sort_by_key(|(delivery, _)| delivery.next_attempt_at);
        Ok(scheduled)
    }

    /// Tells whether anything is to be sent now.
    pub(crate) fn is_any_due(store: &Store<'_>, now: i64) -> Result<bool, store::Error> {
        let scheduled = Self::scheduled(store)?;
        Ok(scheduled
            .first()
            .is_some_and(|(delivery, _)| delivery.next_attempt_at <= now))
    }

    /// Returns this delivery as it is now and its endpoint, unless it is no longer to be sent as planned.
    pub(crate) fn confirmed(&self, store: &Store<'_>) -> Result<Option<(Self, Webhook)>, store::Error> {
        let (current, webhook) = (
            store.get::<Self>(&self.id)?,
            store.get::<Webhook>(&self.webhook_id)?,
        );
        let pair = current.zip(webhook);
        Ok(pair.filter(|(current, webhook)| {
            current.is_pending()
                && current.next_attempt_at == self.next_attempt_at
                && current.may_be_sent(webhook)
        }))
    }

    fn may_be_sent(&self, webhook: &Webhook) -> bool {
        self.despite_pause || !webhook.paused
    }

    /// Schedules it to be sent immediately, with retries, even if the endpoint is paused.
    pub(crate) fn send_again(&mut self, now: i64) {
        self.status = Status::Pending;
        self.next_attempt_at = now;
        self.despite_pause = true;
    }

    /// Records the result of an attempt that was planned for a time.
    pub(crate) fn attempted(&mut self, planned: i64, received: bool, outcome: String, now: i64) {
        let pause = PAUSES.get(self.attempts);
        self.attempts += 1;
        self.outcome = outcome;
        if self.next_attempt_at != planned {
            // It was asked for again in the meantime.
            return;
        }
        self.despite_pause = false;
        match (received, pause) {
            (true, _) => self.status = Status::Delivered,
            (false, Some(pause)) => self.next_attempt_at = now + pause,
            (false, None) => self.status = Status::Failed,
        }
    }

    /// Deletes the oldest finished deliveries.
    pub(crate) fn prune(store: &Store<'_>) -> Result<(), store::Error> {
        store.keep_latest::<Self>(Status::Delivered.name(), MAX_FINISHED)?;
        store.keep_latest::<Self>(Status::Failed.name(), MAX_FINISHED)
    }
}

/// Schedules all pending deliveries to be sent immediately, in the order in which they were made or in reverse, and returns
/// how many they are.
pub(crate) fn send_all(store: &Store<'_>, in_reverse: bool, now: i64) -> Result<usize, store::Error> {
    let mut pending = Delivery::pending(store)?;
    if in_reverse {
        pending.reverse();
    }
    // They are sent in the order of their times.
    let first = now - i64::try_from(pending.len()).unwrap_or_default();
    for (delivery, at) in pending.iter_mut().zip(first..) {
        delivery.send_again(at);
        store.put(delivery)?;
    }
    Ok(pending.len())
}
