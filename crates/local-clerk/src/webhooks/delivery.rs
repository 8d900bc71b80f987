//! The outbox: events on their way, and the last ones that arrived.

use serde::{Deserialize, Serialize};

use crate::{
    id,
    model::{MINUTE, SECOND},
    store::{self, Document, Store},
};

/// Deliveries that are kept when they are over.
const KEPT: usize = 100;
/// How long to wait after each attempt that failed; Svix's schedule.
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
    /// `svix-id`: the same at every attempt.
    pub(crate) id: String,
    pub(crate) event_type: String,
    /// The body, byte for byte.
    pub(crate) payload: String,
    status: Status,
    pub(crate) attempts: usize,
    pub(crate) next_attempt_at: i64,
    /// What came of the last attempt.
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

    pub(super) fn new(event_type: &str, payload: String, now: i64) -> Self {
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

    pub(super) fn pending(store: &Store<'_>) -> Result<Vec<Self>, store::Error> {
        store.of(Status::Pending.name())
    }

    /// To be sent at once, and again by the schedule if that fails.
    pub(crate) fn send_again(&mut self, now: i64) {
        self.status = Status::Pending;
        self.next_attempt_at = now;
    }

    /// What came of an attempt: success, or why not.
    pub(super) fn attempted(&mut self, received: bool, outcome: String, now: i64) {
        let pause = PAUSES.get(self.attempts);
        self.attempts += 1;
        self.outcome = outcome;
        match (received, pause) {
            (true, _) => self.status = Status::Delivered,
            (false, Some(pause)) => self.next_attempt_at = now + pause,
            (false, None) => self.status = Status::Failed,
        }
    }

    /// Forgets the oldest of those that are over.
    pub(super) fn prune(store: &Store<'_>) -> Result<(), store::Error> {
        let all = store.all::<Self>()?;
        let over = all.iter().rev().filter(|delivery| !delivery.is_pending());
        for old in over.skip(KEPT) {
            store.delete::<Self>(&old.id)?;
        }
        Ok(())
    }
}
