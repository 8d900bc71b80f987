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
    model::{AllowedHosts, PublicUrl, Webhook},
    seed::Seed,
    webhooks::{Sender, Webhooks},
};

use super::{Instances, Recorder, RequestLog};

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
    /// The URL of the endpoint for webhooks that is there from the start, and that a reset brings back.
    pub(crate) webhook_url: Option<String>,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) changes: Arc<Changes>,
    pub(crate) log: RequestLog,
    /// Whether there may be a fault.
    pub(crate) has_faults: AtomicBool,
    /// The further instances that this one has started; `None` if it must not start any.
    pub(crate) instances: Option<Arc<Instances>>,
}

impl Shared {
    pub(crate) fn seed(&self) -> Arc<Seed> {
        Arc::clone(&self.seed.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the seed that a reset applies.
    pub(crate) fn set_seed(&self, seed: Arc<Seed>) {
        *self.seed.write().unwrap_or_else(PoisonError::into_inner) = seed;
    }

    /// Goes back to the seed: deletes everything but the keys and the configured endpoint for webhooks.
    pub(crate) fn reset(&self, cx: &Context<'_>) -> Result<(), Error> {
        self.log.clear();
        self.seed().restore(&cx.store, cx.real_now)?;
        self.configure_webhook(cx)
    }

    /// Brings the configured endpoint for webhooks back.
    pub(crate) fn configure_webhook(&self, cx: &Context<'_>) -> Result<(), Error> {
        if let Some(url) = &self.webhook_url {
            cx.store.put(&Webhook::configured(url.clone(), cx.real_now))?;
        }
        Ok(())
    }

    /// Creates what delivers webhooks.
    pub(crate) fn webhook_sender(&self) -> Sender {
        Sender {
            connection: self.connection.clone(),
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.clock),
            webhooks: Arc::clone(&self.webhooks),
            changes: Arc::clone(&self.changes),
        }
    }
}
