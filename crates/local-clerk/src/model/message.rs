//! Messages in the mailbox: what a real instance would have sent.

use serde::{Deserialize, Serialize};

use crate::store::Document;

#[derive(Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) to: String,
    #[serde(default)]
    pub(crate) kind: MessageKind,
    pub(crate) subject: String,
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) link: Option<String>,
    pub(crate) created_at: i64,
}

/// What a message is about, by the slug of Clerk's template for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageKind {
    #[default]
    VerificationCode,
    ResetPasswordCode,
    /// Proves that an address at the domain of an organization is the administrator's.
    AffiliationCode,
    MagicLinkSignIn,
    MagicLinkSignUp,
    /// Verifies an address that a user adds.
    MagicLinkUserProfile,
    Invitation,
    OrganizationInvitation,
    /// Says that an address is on the waitlist.
    WaitlistConfirmation,
    /// Invites somebody from the waitlist.
    WaitlistInvitation,
    /// Says at the previous address that another one is the primary one.
    PrimaryEmailAddressChanged,
}

impl MessageKind {
    /// Returns the name of a message's link among the values of Clerk's template.
    pub(crate) const fn link_name(self) -> &'static str {
        match self {
            Self::MagicLinkSignIn | Self::MagicLinkSignUp | Self::MagicLinkUserProfile => "magic_link",
            _ => "action_url",
        }
    }
}

impl Document for Message {
    const KIND: &'static str = "message";
    const WATCHED: bool = true;
    fn id(&self) -> &str {
        &self.id
    }
}
