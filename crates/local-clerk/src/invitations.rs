//! Invitations to the application.

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    identifiers::parse_email_address,
    mailbox,
    model::{ApplicationInvitation, DAY, InvitationStatus, TicketSource},
};

impl Call<'_> {
    /// Invites an address to the application, as the body says.
    pub(super) fn invite_to_application(&self, email_address: &str) -> Result<ApplicationInvitation, Error> {
        let body = &self.body;
        if !self.settings()?.email_address.is_on() {
            let why = "Invitations are only supported on instances that accept email addresses.";
            return Err(ApiError::bad_request("invitations_not_supported_in_instance", why).into());
        }
        let email_address = parse_email_address(email_address, "email_address")?;
        if body.flag("ignore_existing") != Some(true) {
            self.check_identifier_is_free(&email_address, "email_address")?;
            let earlier = self.store.of::<ApplicationInvitation>(&email_address)?;
            if earlier.iter().any(|invitation| invitation.is_pending(self.now)) {
                return Err(ApiError::duplicate_invitation(&email_address).into());
            }
        }
        let days = body.number("expires_in_days").unwrap_or(30);
        if !(1..=365).contains(&days) {
            let why = "expires_in_days must be between 1 and 365.";
            return Err(ApiError::value_invalid("expires_in_days", why).into());
        }
        let invitation_id = id::new("inv");
        let expires_at = self.now + days * DAY;
        let source = TicketSource::Application {
            invitation_id: invitation_id.clone(),
        };
        let invitation = ApplicationInvitation {
            id: invitation_id,
            public_metadata: body.object("public_metadata")?.unwrap_or_default(),
            status: InvitationStatus::Pending,
            url: self.issue_ticket(source, expires_at)?,
            email_address,
            expires_at,
            created_at: self.now,
            updated_at: self.now,
        };
        self.store.put(&invitation)?;
        if body.flag("notify") != Some(false) {
            mailbox::send_link(self, &invitation.email_address, "Invitation", &invitation.url)?;
        }
        Ok(invitation)
    }
}
