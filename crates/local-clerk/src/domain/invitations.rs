//! Invitations to the application.

use serde_json::{Map, Value};

use crate::{
    error::{ApiError, Error},
    id,
    model::{ApplicationInvitation, DAY, InvitationStatus, MessageKind, TicketSource},
};

use super::{Context, identifiers::parse_email_address, mailbox};

/// How an invitation to the application differs from the default one.
#[derive(Default)]
pub(crate) struct InvitationOptions<'a> {
    /// Invites an address although a user or a pending invitation has it.
    pub(crate) ignore_existing: bool,
    /// Sends no message.
    pub(crate) is_silent: bool,
    /// Sends the message for an address on the waitlist.
    pub(crate) is_from_waitlist: bool,
    /// 30 by default.
    pub(crate) expires_in_days: Option<i64>,
    pub(crate) public_metadata: Map<String, Value>,
    /// Where the invitation's link leads; `None` for the app's own pages.
    pub(crate) redirect_url: Option<&'a str>,
}

impl Context<'_> {
    /// Invites an address to the application.
    pub(crate) fn invite_to_application(
        &self,
        email_address: &str,
        options: InvitationOptions<'_>,
    ) -> Result<ApplicationInvitation, Error> {
        if !self.settings()?.email_address.is_on() {
            let message = "Invitations are only supported on instances that accept email addresses.";
            return Err(ApiError::bad_request("invitations_not_supported_in_instance", message).into());
        }
        let email_address = parse_email_address(email_address, "email_address")?;
        if !options.ignore_existing {
            self.check_identifier_is_free(&email_address, "email_address")?;
            let earlier = self.store.of::<ApplicationInvitation>(&email_address)?;
            if earlier.iter().any(|invitation| invitation.is_pending(self.now)) {
                return Err(ApiError::duplicate_invitation(&email_address).into());
            }
        }
        let invitation_id = id::new("inv", self.now);
        let expires_at = self.now + options.expires_in_days.unwrap_or(30) * DAY;
        let source = TicketSource::Application {
            invitation_id: invitation_id.clone(),
        };
        let invitation = ApplicationInvitation {
            id: invitation_id,
            public_metadata: options.public_metadata,
            status: InvitationStatus::Pending,
            url: self.issue_ticket(source, expires_at, options.redirect_url)?,
            email_address,
            expires_at,
            created_at: self.now,
            updated_at: self.now,
        };
        self.store.put(&invitation)?;
        if !options.is_silent {
            let kind = if options.is_from_waitlist {
                MessageKind::WaitlistInvitation
            } else {
                MessageKind::Invitation
            };
            let to = &invitation.email_address;
            mailbox::send_link(self, to, kind, "Invitation", &invitation.url)?;
        }
        Ok(invitation)
    }
}
