//! The members and invitations of organizations.

use crate::{
    error::{ApiError, Error},
    model::{Invitation, InvitationStatus, MessageKind, Organization, Role, Session, TicketSource},
};

use super::{Context, identifiers::parse_email_address, mailbox};

impl Context<'_> {
    /// Invites an address by a message in the mailbox. The caller stores the organization.
    pub(crate) fn invite(
        &self,
        organization: &mut Organization,
        email_address: &str,
        role: Role,
        inviter_id: Option<&str>,
        redirect_url: Option<&str>,
    ) -> Result<Invitation, Error> {
        let email_address = parse_email_address(email_address, "email_address")?;
        if organization.is_full() {
            return Err(ApiError::organization_full().into());
        }
        let is_member = self
            .user_by_identifier(&email_address)?
            .is_some_and(|user| organization.membership(&user.id).is_some());
        if is_member {
            let message = format!("{email_address} is already a member of the organization.");
            return Err(ApiError::bad_request("already_a_member_in_organization", message).into());
        }
        if organization
            .pending_invitations()
            .any(|pending| pending.email_address == email_address)
        {
            return Err(ApiError::duplicate_invitation(&email_address).into());
        }
        let mut invitation = Invitation::new(email_address, role, self.now);
        let source = TicketSource::Organization {
            organization_id: organization.id.clone(),
            invitation_id: invitation.id.clone(),
        };
        let url = self.issue_ticket(source, invitation.expires_at, redirect_url)?;
        let subject = format!("Invitation to {}", organization.name);
        let kind = MessageKind::OrganizationInvitation;
        mailbox::send_link(self, &invitation.email_address, kind, &subject, &url)?;
        invitation.url = Some(url);
        invitation.inviter_id = inviter_id.map(str::to_owned);
        organization.invitations.push(invitation.clone());
        organization.updated_at = self.now;
        Ok(invitation)
    }

    /// Revokes a pending invitation. The caller stores the organization.
    pub(crate) fn revoke_invitation(
        &self,
        organization: &mut Organization,
        id: &str,
    ) -> Result<Invitation, Error> {
        let invitation = organization
            .invitation_mut(id)
            .ok_or_else(|| ApiError::not_found("invitation", id))?;
        if invitation.status != InvitationStatus::Pending {
            let message = "Only a pending invitation can be revoked.";
            return Err(ApiError::bad_request("organization_invitation_not_pending", message).into());
        }
        invitation.set_status(InvitationStatus::Revoked, self.now);
        Ok(invitation.clone())
    }

    /// Fails if the organization would have no admin without this user.
    pub(crate) fn check_admin_remains(
        &self,
        organization: &Organization,
        user_id: &str,
    ) -> Result<(), ApiError> {
        if organization.is_last_admin(user_id) {
            let message = "An organization needs at least one admin.";
            return Err(ApiError::bad_request(
                "organization_minimum_permissions_needed",
                message,
            ));
        }
        Ok(())
    }

    /// Removes a member, and deactivates the organization in the member's sessions.
    pub(crate) fn remove_member(&self, organization: &mut Organization, user_id: &str) -> Result<(), Error> {
        organization
            .memberships
            .retain(|membership| membership.user_id != user_id);
        organization.updated_at = self.now;
        self.store.put(organization)?;
        for mut session in self.store.of::<Session>(user_id)? {
            if session.last_active_organization_id.as_ref() == Some(&organization.id) {
                session.last_active_organization_id = None;
                self.store.put(&session)?;
            }
        }
        Ok(())
    }
}
