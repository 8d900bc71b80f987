//! The data of events, by their types.

use serde::Deserialize;
use serde_json::Value;

use super::{
    BillingPaymentAttemptEvent, BillingSubscriptionEvent, BillingSubscriptionItemEvent, EmailMessage,
    OrganizationInvitationEvent, SessionEvent, SmsMessage,
};
use crate::backend::{
    api::{
        DeletedObject, Organization, OrganizationDomain, OrganizationMembership, Permission, Role, User,
        WaitlistEntry,
    },
    webhook::WebhookEvent,
};

/// The data of a known type of event cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the data of the event {event_type} cannot be read: {source}")]
#[non_exhaustive]
pub struct WebhookDataError {
    /// The type of the event.
    pub event_type: String,
    /// What is wrong with the data.
    #[source]
    pub source: serde_json::Error,
}

macro_rules! events {
    ($($variant:ident($data:ty) = $event:literal,)+) => {
        /// The data of an event, by its type, see [`WebhookEvent::typed`].
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum WebhookData {
            $(
                #[doc = concat!("`", $event, "`")]
                $variant(Box<$data>),
            )+
            /// An event of a type that this version of the crate does not know, and its data.
            Unknown(Value),
        }

        impl WebhookData {
            fn read(event_type: &str, data: &Value) -> Result<Self, serde_json::Error> {
                Ok(match event_type {
                    $($event => Self::$variant(Box::new(Deserialize::deserialize(data)?)),)+
                    _ => Self::Unknown(data.clone()),
                })
            }
        }
    };
}

events! {
    UserCreated(User) = "user.created",
    UserUpdated(User) = "user.updated",
    UserDeleted(DeletedObject) = "user.deleted",
    SessionCreated(SessionEvent) = "session.created",
    SessionPending(SessionEvent) = "session.pending",
    SessionEnded(SessionEvent) = "session.ended",
    SessionRemoved(SessionEvent) = "session.removed",
    SessionRevoked(SessionEvent) = "session.revoked",
    EmailCreated(EmailMessage) = "email.created",
    SmsCreated(SmsMessage) = "sms.created",
    OrganizationCreated(Organization) = "organization.created",
    OrganizationUpdated(Organization) = "organization.updated",
    OrganizationDeleted(DeletedObject) = "organization.deleted",
    OrganizationDomainCreated(OrganizationDomain) = "organizationDomain.created",
    OrganizationDomainUpdated(OrganizationDomain) = "organizationDomain.updated",
    OrganizationDomainDeleted(DeletedObject) = "organizationDomain.deleted",
    OrganizationMembershipCreated(OrganizationMembership) = "organizationMembership.created",
    OrganizationMembershipUpdated(OrganizationMembership) = "organizationMembership.updated",
    OrganizationMembershipDeleted(OrganizationMembership) = "organizationMembership.deleted",
    OrganizationInvitationCreated(OrganizationInvitationEvent) = "organizationInvitation.created",
    OrganizationInvitationAccepted(OrganizationInvitationEvent) = "organizationInvitation.accepted",
    OrganizationInvitationRevoked(OrganizationInvitationEvent) = "organizationInvitation.revoked",
    RoleCreated(Role) = "role.created",
    RoleUpdated(Role) = "role.updated",
    RoleDeleted(Role) = "role.deleted",
    PermissionCreated(Permission) = "permission.created",
    PermissionUpdated(Permission) = "permission.updated",
    PermissionDeleted(Permission) = "permission.deleted",
    WaitlistEntryCreated(WaitlistEntry) = "waitlistEntry.created",
    WaitlistEntryUpdated(WaitlistEntry) = "waitlistEntry.updated",
    SubscriptionCreated(BillingSubscriptionEvent) = "subscription.created",
    SubscriptionUpdated(BillingSubscriptionEvent) = "subscription.updated",
    SubscriptionActive(BillingSubscriptionEvent) = "subscription.active",
    SubscriptionPastDue(BillingSubscriptionEvent) = "subscription.pastDue",
    SubscriptionItemCreated(BillingSubscriptionItemEvent) = "subscriptionItem.created",
    SubscriptionItemUpdated(BillingSubscriptionItemEvent) = "subscriptionItem.updated",
    SubscriptionItemActive(BillingSubscriptionItemEvent) = "subscriptionItem.active",
    SubscriptionItemCanceled(BillingSubscriptionItemEvent) = "subscriptionItem.canceled",
    SubscriptionItemUpcoming(BillingSubscriptionItemEvent) = "subscriptionItem.upcoming",
    SubscriptionItemEnded(BillingSubscriptionItemEvent) = "subscriptionItem.ended",
    SubscriptionItemAbandoned(BillingSubscriptionItemEvent) = "subscriptionItem.abandoned",
    SubscriptionItemIncomplete(BillingSubscriptionItemEvent) = "subscriptionItem.incomplete",
    SubscriptionItemPastDue(BillingSubscriptionItemEvent) = "subscriptionItem.pastDue",
    SubscriptionItemFreeTrialEnding(BillingSubscriptionItemEvent) = "subscriptionItem.freeTrialEnding",
    PaymentAttemptCreated(BillingPaymentAttemptEvent) = "paymentAttempt.created",
    PaymentAttemptUpdated(BillingPaymentAttemptEvent) = "paymentAttempt.updated",
}

impl WebhookEvent {
    /// Reads the data by the type of the event. What is missing in it is the default; an event of an unknown type is no
    /// error.
    ///
    /// # Errors
    ///
    /// The data is not that of the type. [`WebhookEvent::data`] has it as it is.
    ///
    /// ```
    /// use clerk_auth::{WebhookEvent, webhooks::WebhookData};
    ///
    /// let event = r#"{"type": "user.created", "data": {"id": "user_1", "first_name": "Ada"}}"#;
    /// let event: WebhookEvent = serde_json::from_str(event)?;
    /// match event.typed()? {
    ///     WebhookData::UserCreated(user) => assert_eq!(user.first_name.as_deref(), Some("Ada")),
    ///     WebhookData::UserDeleted(user) => println!("{:?} has left", user.id),
    ///     _ => {}
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn typed(&self) -> Result<WebhookData, WebhookDataError> {
        WebhookData::read(&self.event_type, &self.data).map_err(|source| WebhookDataError {
            event_type: self.event_type.clone(),
            source,
        })
    }
}
