//! Webhooks: what has changed, told to one address as Clerk tells it: with Svix's headers, signature and
//! schedule of retries.
//!
//! An event is stored in the transaction of the change that it tells of, so neither can be without the
//! other, and is sent until it is received: at least once, whatever happens to this process.

mod delivery;
mod events;
mod sender;

pub(crate) use self::{
    delivery::Delivery,
    events::record,
    sender::{Sender, Webhooks},
};
