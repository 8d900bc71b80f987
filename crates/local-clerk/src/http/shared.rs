//! The state that all requests share.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicBool},
};

use crate::{
    changes::Changes,
    clock::Clock,
    domain::Context,
    error::Error,
    keys::Keys,
    model::{AllowedHosts, PublicUrl},
    seed::Seed,
    webhooks::{Sender, Webhooks},
};

use super::{Recorder, RequestLog};

/// The state of a running instance that outlives a request.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    /// The seed that a reset applies.
    pub(crate) seed: RwLock<Arc<Seed>>,
    /// The configured lifetime of session tokens in seconds, which overrides that of every seed.
    pub(crate) token_lifetime: Option<u32>,
    /// The host and port that this instance listens on.
    pub(crate) own: String,
    /// Whether other machines can reach it: then control and the page ask for the secret key.
    pub(crate) is_exposed: bool,
    /// Whether a request to an endpoint that does not exist is an error in the log.
    pub(crate) strict: bool,
    /// The public URL of the configured app, if any.
    pub(crate) app: Option<PublicUrl>,
    pub(crate) hosts: AllowedHosts,
    pub(crate) npm_dir: PathBuf,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) connection: tokio_rusqlite::Connection,
    /// `None` if no webhook URL is configured.
    pub(crate) webhooks: Option<Arc<Webhooks>>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) log: RequestLog,
    /// Whether there may be a fault.
    pub(crate) has_faults: AtomicBool,
}

impl Shared {
    pub(crate) fn seed(&self) -> Arc<Seed> {
        Arc::clone(&self.seed.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the seed that a reset applies.
    pub(crate) fn set_seed(&self, seed: Arc<Seed>) {
        *self.seed.write().unwrap_or_else(PoisonError::into_inner) = seed;
    }

    /// Goes back to the seed: deletes everything but the keys.
    pub(crate) fn reset(&self, cx: &Context<'_>) -> Result<(), Error> {
        self.log.clear();
        self.seed().restore(&cx.store, cx.real_now)
    }

    /// Creates the task that delivers webhooks, if a webhook URL is configured.
    pub(crate) fn webhook_sender(&self) -> Option<Sender> {
        let webhooks = self.webhooks.as_ref()?;
        Some(Sender {
            connection: self.connection.clone(),
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.clock),
            webhooks: Arc::clone(webhooks),
            changes: Arc::clone(&self.changes),
        })
    }
}
