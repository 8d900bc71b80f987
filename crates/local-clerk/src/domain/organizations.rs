//! Organizations, their members and their invitations.

use crate::{
    error::{ApiError, Error},
    id,
    model::{Organization, Payer, PaymentMethod, Plan, Session, Subscription, User},
    store::links,
};

use super::Context;

/// The name and the slug of an organization, as far as they are given.
#[derive(Clone, Copy)]
pub(crate) struct OrganizationNames<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) slug: Option<&'a str>,
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

    /// Fails if a backend has forbidden a user to create organizations, or more of them.
    pub(crate) fn check_may_create_organization(&self, user: &User) -> Result<(), Error> {
        let limit = user.create_organizations_limit.unwrap_or_default();
        let created = self.store.linked::<Organization>(&links::CREATOR, &[&user.id])?;
        let is_reached = limit > 0 && i64::try_from(created.len()).is_ok_and(|count| count >= limit);
        if user.create_organization_disabled || is_reached {
            return Err(ApiError::authorization_invalid().into());
        }
        Ok(())
    }

    /// Creates an organization whose first member is `creator`. The caller stores it.
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
            organization.add_member(&creator.id, &self.role_set()?.creator_role, self.now);
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
            let message = "A slug consists of lower-case letters, digits and hyphens.";
            return Err(ApiError::form("form_param_format_invalid", "slug", message).into());
        }
        let taken = self.store.of::<Organization>(slug)?;
        if taken.iter().any(|other| Some(other.id.as_str()) != own) {
            return Err(ApiError::form("form_identifier_exists", "slug", "That slug is taken.").into());
        }
        Ok(slug.to_owned())
    }

    /// Deletes an organization with everything that belongs to it.
    pub(crate) fn delete_organization(&self, mut organization: Organization) -> Result<(), Error> {
        for membership in organization.memberships.clone() {
            self.remove_member(&mut organization, &membership.user_id)?;
        }
        self.delete_credits(&organization.id)?;
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
