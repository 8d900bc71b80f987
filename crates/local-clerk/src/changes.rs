//! Tells requests that wait for a change of the stored data that there was one.

use tokio::sync::watch;

/// The changes of the stored data, which are announced once they are committed.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Whether the local Clerk stops, so that nobody waits any longer.
    stops: watch::Sender<bool>,
}

/// The changes since the subscription.
#[derive(Debug)]
pub(crate) struct Subscription(watch::Receiver<bool>);

impl Changes {
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription(self.stops.subscribe())
    }

    pub(crate) fn announce(&self) {
        self.stops.send_modify(|_| {});
    }

    /// Ends all waiting.
    pub(crate) fn stop(&self) {
        self.stops.send_replace(true);
    }
}

impl Subscription {
    /// Waits for the next change; `false` if the local Clerk stops instead.
    pub(crate) async fn next(&mut self) -> bool {
        let stops = *self.0.borrow();
        !stops && self.0.changed().await.is_ok() && !*self.0.borrow()
    }

    /// Waits until the local Clerk stops.
    pub(crate) async fn stopped(mut self) {
        while self.next().await {}
    }
}
