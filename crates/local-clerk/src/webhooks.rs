//! Webhooks: events about changes, sent to endpoints as Clerk sends them, with Svix's headers, signature and retry
//! schedule.
//!
//! An event is stored in the transaction of the change that causes it, so that neither exists without the other, and
//! is sent until it is received: delivery is at least once, even if the process is killed.

mod delivery;
mod events;
mod sender;

pub(crate) use self::{
    delivery::{Delivery, send_all},
    events::record,
    sender::{Sender, Webhooks},
};
