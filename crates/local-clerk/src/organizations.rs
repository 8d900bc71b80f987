//! The rules of organizations, the same for browsers and backends.

use super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    identifiers::parse_email_address,
    mailbox,
    model::{
        Invitation, InvitationStatus, Organization, PaymentMethod, Role, Session, Subscription, TicketSource,
        User,
    },
    plans::{Payer, Plan},
};

impl Call<'_> {
    /// By id or by slug.
    pub(super) fn organization(&self, key: &str) -> Result<Organization, Error> {
        self.check_organizations_are_on()?;
        let found = match self.store.get::<Organization>(key)? {
            Some(found) => Some(found),
            None => self.store.of::<Organization>(key)?.pop(),
        };
        Ok(found.ok_or_else(|| ApiError::not_found("organization", key))?)
    }

    fn check_organizations_are_on(&self) -> Result<(), Error> {
        match self.settings()?.organizations {
            true => Ok(()),
            false => Err(ApiError::organization_not_enabled().into()),
        }
    }

    /// A new organization of what the body says, with its first admin.
    pub(super) fn create_organization(&self, creator: Option<&User>) -> Result<Organization, Error> {
        self.check_organizations_are_on()?;
        let name = self.body.required("name")?;
        let slug = match self.body.filled("slug") {
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

    /// Changes name and slug as the body says.
    pub(super) fn change_organization(&self, organization: &mut Organization) -> Result<(), Error> {
        if let Some(name) = self.body.filled("name") {
            name.clone_into(&mut organization.name);
        }
        if let Some(slug) = self.body.filled("slug") {
            organization.slug = self.free_slug(slug, Some(&organization.id))?;
        }
        organization.updated_at = self.now;
        Ok(())
    }

    fn free_slug(&self, slug: &str, own: Option<&str>) -> Result<String, Error> {
        if slug.is_empty() || slug != slugify(slug) {
            let why = "A slug is made of lower-case letters, digits and hyphens.";
            return Err(ApiError::form("form_param_format_invalid", "slug", why).into());
        }
        let taken = self.store.of::<Organization>(slug)?;
        if taken.iter().any(|other| Some(other.id.as_str()) != own) {
            return Err(ApiError::form("form_identifier_exists", "slug", "That slug is taken.").into());
        }
        Ok(slug.to_owned())
    }

    /// The role that the body names.
    pub(super) fn role(&self) -> Result<Role, ApiError> {
        let key = self.body.required("role")?;
        Role::parse(key).ok_or_else(|| ApiError::not_found("organization role", key))
    }

    /// Invites an address, by a message in the mailbox.
    pub(super) fn invite(
        &self,
        organization: &mut Organization,
        email_address: &str,
        role: Role,
        inviter_id: Option<&str>,
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
        let url = self.issue_ticket(source, invitation.expires_at)?;
        let subject = format!("Invitation to {}", organization.name);
        mailbox::send_link(self, &invitation.email_address, &subject, &url)?;
        invitation.url = Some(url);
        invitation.inviter_id = inviter_id.map(str::to_owned);
        organization.invitations.push(invitation.clone());
        organization.updated_at = self.now;
        Ok(invitation)
    }

    /// Withdraws an invitation that has not been answered.
    pub(super) fn revoke_invitation(
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

    /// An organization keeps an admin.
    pub(super) fn check_admin_stays(
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

    /// Ends a membership, here and in the sessions that speak for the organization.
    pub(super) fn remove_member(&self, organization: &mut Organization, user_id: &str) -> Result<(), Error> {
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

    pub(super) fn delete_organization(&self, mut organization: Organization) -> Result<(), Error> {
        for membership in organization.memberships.clone() {
            self.remove_member(&mut organization, &membership.user_id)?;
        }
        for method in self.store.of::<PaymentMethod>(&organization.id)? {
            self.store.delete::<PaymentMethod>(&method.id)?;
        }
        self.store.delete::<Subscription>(&organization.id)?;
        Ok(self.store.delete::<Organization>(&organization.id)?)
    }

    /// Makes a session speak for an organization, by id or slug, or for its user alone.
    pub(super) fn activate_organization(
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

pub(super) fn slugify(text: &str) -> String {
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
