//! The endpoints that webhooks are sent to.

use serde::{Deserialize, Serialize};

use crate::store::Document;

/// The types of Clerk's events, also of those that the local Clerk does not send.
const EVENT_TYPES: &[&str] = &[
    "email.created",
    "organization.created",
    "organization.deleted",
    "organization.updated",
    "organizationDomain.created",
    "organizationDomain.deleted",
    "organizationDomain.updated",
    "organizationInvitation.accepted",
    "organizationInvitation.created",
    "organizationInvitation.revoked",
    "organizationMembership.created",
    "organizationMembership.deleted",
    "organizationMembership.updated",
    "paymentAttempt.created",
    "paymentAttempt.updated",
    "permission.created",
    "permission.deleted",
    "permission.updated",
    "role.created",
    "role.deleted",
    "role.updated",
    "session.created",
    "session.ended",
    "session.pending",
    "session.removed",
    "session.revoked",
    "sms.created",
    "subscription.active",
    "subscription.created",
    "subscription.pastDue",
    "subscription.updated",
    "subscriptionItem.abandoned",
    "subscriptionItem.active",
    "subscriptionItem.canceled",
    "subscriptionItem.created",
    "subscriptionItem.ended",
    "subscriptionItem.freeTrialEnding",
    "subscriptionItem.incomplete",
    "subscriptionItem.pastDue",
    "subscriptionItem.upcoming",
    "subscriptionItem.updated",
    "user.created",
    "user.deleted",
    "user.updated",
    "waitlistEntry.created",
    "waitlistEntry.updated",
];

/// An endpoint that events are sent to.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) url: String,
    /// The types of its events, or their start and `*`; `None` for all.
    pub(crate) events: Option<Vec<String>>,
    /// The secret that signs what is sent there; `None` for that of the instance.
    pub(crate) secret: Option<String>,
    pub(crate) paused: bool,
    pub(crate) created_at: i64,
}

impl Document for Webhook {
    const KIND: &'static str = "webhook";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Webhook {
    /// The id of the endpoint that was configured at the start.
    pub(crate) const CONFIGURED: &str = "ep_configured";

    /// The endpoint that was configured at the start, for all events.
    pub(crate) fn configured(url: String, now: i64) -> Self {
        Self {
            id: Self::CONFIGURED.to_owned(),
            url,
            events: None,
            secret: None,
            paused: false,
            created_at: now,
        }
    }

    pub(crate) fn is_configured(&self) -> bool {
        self.id == Self::CONFIGURED
    }

    /// Tells whether events of this type are sent there.
    pub(crate) fn wants(&self, event_type: &str) -> bool {
        self.events
            .as_ref()
            .is_none_or(|patterns| patterns.iter().any(|pattern| event_matches(pattern, event_type)))
    }
}

/// Tells whether a pattern matches at least one of Clerk's events.
pub(crate) fn is_event_pattern(pattern: &str) -> bool {
    EVENT_TYPES
        .iter()
        .any(|event_type| event_matches(pattern, event_type))
}

/// Tells whether a pattern, which is an event's type or the start of types and `*`, matches a type.
pub(crate) fn event_matches(pattern: &str, event_type: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => event_type.starts_with(start),
        None => pattern == event_type,
    }
}
