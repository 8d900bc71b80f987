//! Handling each message once, although Clerk may deliver it several times.

mod memory;

use std::{error::Error, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use http::StatusCode;

use crate::backend::webhook::WebhookEvent;
use memory::Memory;

/// The future of a [`DeliveryStore`].
pub type DeliveryFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// What a [`DeliveryStore`] knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The message is new, or was not handled when it was delivered before. It now belongs to this delivery.
    Granted,
    /// Another delivery is being handled.
    InProgress,
    /// The message was handled.
    Done,
}

/// Where it is remembered which messages were handled, if several processes receive them: a database, for example.
pub trait DeliveryStore: Send + Sync + 'static {
    /// Claims a message for [`Deliveries::LEASE`], unless it is claimed or done. Must be atomic: of two that claim a
    /// message at the same time, one is granted it.
    fn claim<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, Claim>;

    /// Remembers for [`Deliveries::RETENTION`] that a message was handled.
    fn complete<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, ()>;

    /// Gives up a claim: the message was not handled.
    fn release<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, ()>;
}

/// What became of a delivery, see [`Deliveries::once`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The message was handled now.
    Handled,
    /// The message was handled before.
    Repeated,
    /// Another delivery of the message is being handled.
    InProgress,
}

impl Delivered {
    /// The status to answer with: 204, or 409 for a message that is being handled, so that Clerk delivers it again if that
    /// fails.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Handled | Self::Repeated => StatusCode::NO_CONTENT,
            Self::InProgress => StatusCode::CONFLICT,
        }
    }
}

/// Why a message was not handled. Answer with a server error: Clerk then delivers it again.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError<E> {
    /// The handler has failed.
    #[error("the event could not be handled: {0}")]
    Handler(E),
    /// The store of the messages has failed, before or after the event was handled.
    #[error("the store of webhook deliveries failed: {0}")]
    Store(#[source] Box<dyn Error + Send + Sync>),
}

/// Remembers which messages were handled, by [`WebhookEvent::id`]. Cheap to clone; clones share the memory.
///
/// Clerk delivers a message until it is answered with success, for about 28 hours, and may deliver one again that was. A
/// message counts as handled once its handler has succeeded, and for [`Deliveries::RETENTION`] from its delivery. If the
/// handler fails, the next delivery is handled again. A handler that is interrupted, for example because the process
/// ends, keeps its claim for [`Deliveries::LEASE`]. Replaying a message by hand within that time has no effect, since it has
/// the same ID.
///
/// ```
/// use clerk_auth::{WebhookEvent, webhooks::{Delivered, Deliveries}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let deliveries = Deliveries::in_memory(10_000);
/// let mut event: WebhookEvent = serde_json::from_str(r#"{"type": "user.created", "data": {"id": "user_1"}}"#)?;
/// event.id = "msg_1".to_owned();
///
/// let failed = deliveries.once(&event, async { Err("the mail server is down") }).await;
/// assert!(failed.is_err());
/// let handled = deliveries.once(&event, async { Ok::<_, &str>(()) }).await;
/// assert_eq!(handled.map_err(|error| error.to_string())?, Delivered::Handled);
/// let again = deliveries.once(&event, async { Err("not called") }).await;
/// assert_eq!(again.map_err(|error| error.to_string())?.status(), http::StatusCode::NO_CONTENT);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Deliveries(Arc<dyn DeliveryStore>);

impl Deliveries {
    /// How long a message is remembered: longer than Clerk repeats it.
    pub const RETENTION: Duration = Duration::from_secs(48 * 60 * 60);

    /// How long a message belongs to a delivery whose handler has not ended. Clerk waits 15 seconds for an answer.
    pub const LEASE: Duration = Duration::from_secs(60);

    /// Remembers up to `capacity` messages in this process, and forgets the oldest first. One takes about 200 bytes.
    #[must_use]
    pub fn in_memory(capacity: usize) -> Self {
        Self::in_store(Memory::new(capacity))
    }

    /// Remembers messages in a store, which several processes may share.
    #[must_use]
    pub fn in_store(store: impl DeliveryStore) -> Self {
        Self(Arc::new(store))
    }

    /// Handles an event unless it was handled before. `handler` is polled only if it is needed.
    ///
    /// # Errors
    ///
    /// The handler or the store has failed. The message does not count as handled.
    pub async fn once<E>(
        &self,
        event: &WebhookEvent,
        handler: impl Future<Output = Result<(), E>>,
    ) -> Result<Delivered, DeliveryError<E>> {
        match self.0.claim(&event.id).await.map_err(DeliveryError::Store)? {
            Claim::Done => return Ok(Delivered::Repeated),
            Claim::InProgress => return Ok(Delivered::InProgress),
            Claim::Granted => {}
        }
        if let Err(error) = handler.await {
            if let Err(error) = self.0.release(&event.id).await {
                tracing::warn!(%error, id = event.id, "a webhook that could not be handled stays claimed for a minute");
            }
            return Err(DeliveryError::Handler(error));
        }
        self.0.complete(&event.id).await.map_err(DeliveryError::Store)?;
        Ok(Delivered::Handled)
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deliveries")
    }
}
