//! The members and invitations of organizations.

use crate::{
    error::{ApiError, Error},
    model::{DAY, Invitation, InvitationStatus, MessageKind, Organization, Role, Session, TicketSource},
};

use super::{Context, identifiers::parse_email_address, mailbox};

/// Who is invited to an organization, and how.
#[derive(Clone, Copy)]
pub(crate) struct Invitee<'a> {
    pub(crate) email_address: &'a str,
    /// The key of the role.
    pub(crate) role: &'a str,
    /// Where the invitation's link leads; `None` for the app's own pages.
    pub(crate) redirect_url: Option<&'a str>,
    /// 30 by default.
    pub(crate) expires_in_days: Option<i64>,
    pub(crate) is_notified: bool,
}

impl Context<'_> {
    /// Invites an address, by a message in the mailbox if it is to be notified. The caller stores the organization.
    pub(crate) fn invite(
        &self,
        organization: &mut Organization,
        invitee: Invitee<'_>,
        inviter_id: Option<&str>,
    ) -> Result<Invitation, Error> {
        let role = self.role(invitee.role)?;
        let email_address = parse_email_address(invitee.email_address, "email_address")?;
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
        let mut invitation = Invitation::new(email_address, &role.key, self.now);
        let source = TicketSource::Organization {
            organization_id: organization.id.clone(),
            invitation_id: invitation.id.clone(),
        };
        if let Some(days) = invitee.expires_in_days {
            invitation.expires_at = self.now + days * DAY;
        }
        let url = self.issue_ticket(source, invitation.expires_at, invitee.redirect_url)?;
        if invitee.is_notified {
            let subject = format!("Invitation to {}", organization.name);
            let kind = MessageKind::OrganizationInvitation;
            mailbox::send_link(self, &invitation.email_address, kind, &subject, &url)?;
        }
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

    /// Returns the users whose roles let them manage the members of an organization and delete it.
    pub(crate) fn managers<'o>(&self, organization: &'o Organization) -> Result<Vec<&'o str>, Error> {
        let mut roles = self.store.all::<Role>()?;
        roles.retain(Role::is_creator_eligible);
        let memberships = organization.memberships.iter();
        let managers = memberships.filter(|membership| roles.iter().any(|role| role.key == membership.role));
        Ok(managers.map(|membership| &*membership.user_id).collect())
    }

    /// Fails if nobody could manage the organization without this user.
    pub(crate) fn check_manager_remains(
        &self,
        organization: &Organization,
        user_id: &str,
    ) -> Result<(), Error> {
        if self.managers(organization)? == [user_id] {
            let message =
                "There has to be at least one organization member with the minimum required permissions";
            return Err(ApiError::bad_request("organization_minimum_permissions_needed", message).into());
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
