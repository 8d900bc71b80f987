//! Webhooks beyond their verification: the data of events by their types, and handling each message once.
//!
//! [`Clerk::verify_webhook`](crate::Clerk::verify_webhook) returns a [`WebhookEvent`](crate::WebhookEvent);
//! [`Deliveries::once`] handles it unless it was handled before. With the feature `api`, `WebhookEvent::typed` reads its
//! data.

#[cfg(feature = "api")]
mod data;
mod deliveries;
#[cfg(feature = "api")]
mod payloads;

#[cfg(feature = "api")]
pub use data::{WebhookData, WebhookDataError};
pub use deliveries::{Claim, Delivered, Deliveries, DeliveryError, DeliveryFuture, DeliveryStore};
#[cfg(feature = "api")]
pub use payloads::{
    BillingPaymentAttemptEvent, BillingPlanEvent, BillingSubscriptionEvent, BillingSubscriptionItemEvent,
    EmailMessage, OrganizationInvitationEvent, SessionEvent, SmsMessage,
};
