//! Organizations, their members and their invitations.

use crate::{
    error::{ApiError, Error},
    id,
    model::{
        Invitation, InvitationStatus, Organization, Payer, PaymentMethod, Plan, Role, Session, Subscription,
        TicketSource, User,
    },
};

use super::{Context, identifiers::parse_email_address, mailbox};

/// The name and the slug of an organization, as far as they are given.
#[derive(Clone, Copy)]
pub(crate) struct OrganizationNames<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) slug: Option<&'a str>,
}

/// Parses the key of a role, such as `org:admin`.
pub(crate) fn parse_role(key: &str) -> Result<Role, ApiError> {
    Role::parse(key).ok_or_else(|| ApiError::not_found("organization role", key))
}

impl Context<'_> {
    /// Returns an organization by its id or slug.
    pub(crate) fn organization(&self, key: &str) -> Result<Organization, Error> {
        self.check_organizations_enabled()?;
        let found = match self.store.get::<Organization>(key)? {
            Some(found) => Some(found),
            None => self.store.of::<Organization>(key)?.pop(),
        };
        Ok(found.ok_or_else(|| ApiError::not_found("organization", key))?)
    }

    fn check_organizations_enabled(&self) -> Result<(), Error> {
        match self.settings()?.organizations {
            true => Ok(()),
            false => Err(ApiError::organization_not_enabled().into()),
        }
    }

    /// Creates an organization whose first admin is `creator`. The caller stores it.
    pub(crate) fn create_organization(
        &self,
        names: OrganizationNames<'_>,
        creator: Option<&User>,
    ) -> Result<Organization, Error> {
        self.check_organizations_enabled()?;
        let name = names.name.ok_or_else(|| ApiError::missing("name"))?;
        let slug = match names.slug {
            Some(slug) => self.free_slug(slug, None)?,
            None => format!("{}-{}", slugify(name), id::alphanumeric::<6>().to_lowercase()),
        };
        let mut organization = Organization::new(name.to_owned(), slug, self.now);
        if let Some(creator) = creator {
            organization.created_by = Some(creator.id.clone());
            organization.add_member(&creator.id, Role::Admin, self.now);
        }
        if let Some(plan) = Plan::default_of(&self.store, Payer::Organization)? {
            let subscription = Subscription::new(&organization.id, &plan, self.now);
            self.store.put(&subscription)?;
        }
        self.store.put(&PaymentMethod::new(&organization.id, self.now))?;
        Ok(organization)
    }

    /// Changes the name and the slug that are given. The caller stores the organization.
    pub(crate) fn change_organization(
        &self,
        organization: &mut Organization,
        names: OrganizationNames<'_>,
    ) -> Result<(), Error> {
        if let Some(name) = names.name {
            name.clone_into(&mut organization.name);
        }
        if let Some(slug) = names.slug {
            organization.slug = self.free_slug(slug, Some(&organization.id))?;
        }
        organization.updated_at = self.now;
        Ok(())
    }

    fn free_slug(&self, slug: &str, own: Option<&str>) -> Result<String, Error> {
        if slug.is_empty() || slug != slugify(slug) {
            let why = "A slug consists of lower-case letters, digits and hyphens.";
            return Err(ApiError::form("form_param_format_invalid", "slug", why).into());
        }
        let taken = self.store.of::<Organization>(slug)?;
        if taken.iter().any(|other| Some(other.id.as_str()) != own) {
            return Err(ApiError::form("form_identifier_exists", "slug", "That slug is taken.").into());
        }
        Ok(slug.to_owned())
    }

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
            let why = format!("{email_address} is already a member of the organization.");
            return Err(ApiError::bad_request("already_a_member_in_organization", why).into());
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
        mailbox::send_link(self, &invitation.email_address, &subject, &url)?;
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
            let why = "Only a pending invitation can be revoked.";
            return Err(ApiError::bad_request("organization_invitation_not_pending", why).into());
        }
        invitation.settle(InvitationStatus::Revoked, self.now);
        Ok(invitation.clone())
    }

    /// Fails if the organization would have no admin without this user.
    pub(crate) fn check_admin_remains(
        &self,
        organization: &Organization,
        user_id: &str,
    ) -> Result<(), ApiError> {
        if organization.is_last_admin(user_id) {
            let why = "An organization needs at least one admin.";
            return Err(ApiError::bad_request(
                "organization_minimum_permissions_needed",
                why,
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

    /// Deletes an organization with everything that belongs to it.
    pub(crate) fn delete_organization(&self, mut organization: Organization) -> Result<(), Error> {
        for membership in organization.memberships.clone() {
            self.remove_member(&mut organization, &membership.user_id)?;
        }
        for method in self.store.of::<PaymentMethod>(&organization.id)? {
            self.store.delete::<PaymentMethod>(&method.id)?;
        }
        self.store.delete::<Subscription>(&organization.id)?;
        Ok(self.store.delete::<Organization>(&organization.id)?)
    }

    /// Activates an organization in a session, by id or slug, or none. The caller stores the session.
    pub(crate) fn activate_organization(
        &self,
        session: &mut Session,
        key: Option<&str>,
    ) -> Result<(), Error> {
        session.last_active_organization_id = match key {
            None => None,
            Some(key) => {
                let organization = self.organization(key)?;
                if organization.membership(&session.user_id).is_none() {
                    return Err(ApiError::not_found("organization", key).into());
                }
                Some(organization.id)
            }
        };
        Ok(())
    }
}

/// Converts text to a slug: lower-case letters and digits, joined by hyphens.
pub(crate) fn slugify(text: &str) -> String {
    let hyphenated: String = text
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    hyphenated
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
