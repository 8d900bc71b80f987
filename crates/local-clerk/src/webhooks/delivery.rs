//! The outbox: pending events, and the latest of those that were delivered or have failed.

use serde::{Deserialize, Serialize};

use crate::{
    id,
    model::{MINUTE, SECOND},
    store::{self, Document, Store},
};

/// Number of finished deliveries that are kept.
const MAX_FINISHED: usize = 100;
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

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// `svix-id`, which is the same for all attempts.
    pub(crate) id: String,
    pub(crate) event_type: String,
    /// The body, byte for byte.
    pub(crate) payload: String,
    status: Status,
    pub(crate) attempts: usize,
    pub(crate) next_attempt_at: i64,
    /// The result of the last attempt.
    pub(crate) outcome: String,
    pub(crate) created_at: i64,
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
    pub(crate) const fn status(&self) -> &'static str {
        self.status.name()
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.status == Status::Pending
    }

    pub(crate) fn new(event_type: &str, payload: String, now: i64) -> Self {
        Self {
            id: id::new("msg", now),
            event_type: event_type.to_owned(),
            payload,
            status: Status::Pending,
            attempts: 0,
            next_attempt_at: now,
            outcome: String::new(),
            created_at: now,
        }
    }

    pub(crate) fn pending(store: &Store<'_>) -> Result<Vec<Self>, store::Error> {
        store.of(Status::Pending.name())
    }

    /// Schedules the event to be sent immediately, with retries.
    pub(crate) fn send_again(&mut self, now: i64) {
        self.status = Status::Pending;
        self.next_attempt_at = now;
    }

    /// Records the result of an attempt.
    pub(crate) fn attempted(&mut self, received: bool, outcome: String, now: i64) {
        let pause = PAUSES.get(self.attempts);
        self.attempts += 1;
        self.outcome = outcome;
        match (received, pause) {
            (true, _) => self.status = Status::Delivered,
            (false, Some(pause)) => self.next_attempt_at = now + pause,
            (false, None) => self.status = Status::Failed,
        }
    }

    /// Deletes the oldest finished deliveries.
    pub(crate) fn prune(store: &Store<'_>) -> Result<(), store::Error> {
        let all = store.all::<Self>()?;
        let finished = all.iter().rev().filter(|delivery| !delivery.is_pending());
        for old in finished.skip(MAX_FINISHED) {
            store.delete::<Self>(&old.id)?;
        }
        Ok(())
    }
}
