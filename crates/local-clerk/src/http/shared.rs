//! The state that all requests share.

use std::{path::PathBuf, sync::Arc};

use crate::{
    clock::Clock,
    keys::Keys,
    model::{AllowedHosts, PublicUrl},
    seed::Seed,
    webhooks::{Sender, Webhooks},
};

use super::Recorder;

/// The state of a running instance that outlives a request.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    /// The seed that a reset applies.
    pub(crate) seed: Seed,
    /// The host and port that this instance listens on.
    pub(crate) own: String,
    /// The public URL of the configured app, if any.
    pub(crate) app: Option<PublicUrl>,
    pub(crate) hosts: AllowedHosts,
    pub(crate) npm_dir: PathBuf,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) connection: tokio_rusqlite::Connection,
    /// `None` if no webhook URL is configured.
    pub(crate) webhooks: Option<Arc<Webhooks>>,
}

impl Shared {
    /// Creates the task that delivers webhooks, if a webhook URL is configured.
    pub(crate) fn webhook_sender(&self) -> Option<Sender> {
        let webhooks = self.webhooks.as_ref()?;
        Some(Sender {
            connection: self.connection.clone(),
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.clock),
            webhooks: Arc::clone(webhooks),
        })
    }
}
