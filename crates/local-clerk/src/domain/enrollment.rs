//! What the verified domains of an organization offer users with an address there.

use crate::{
    error::Error,
    model::{Domain, EnrollmentMode, Invitation, Organization, Suggestion, User},
    store::links,
};

use super::Context;

impl Context<'_> {
    /// Offers a user what the domains of all organizations allow.
    pub(crate) fn enroll_in_all(&self, user: &User) -> Result<(), Error> {
        if self.settings()?.organization_domains {
            let addresses = user.verified_email_addresses();
            let domains: Vec<&str> = addresses
                .iter()
                .filter_map(|address| Some(address.rsplit_once('@')?.1))
                .collect();
            for mut organization in self.store.linked::<Organization>(&links::DOMAIN, &domains)? {
                self.enroll(&mut organization, user)?;
            }
        }
        Ok(())
    }

    /// Offers all users what the organization's domains allow.
    pub(crate) fn enroll_everybody(&self, organization: &mut Organization) -> Result<(), Error> {
        if !organization.domains.iter().any(Domain::enrolls) {
            return Ok(());
        }
        for user in self.store.all::<User>()? {
            self.enroll(organization, &user)?;
        }
        Ok(())
    }

    /// Offers a user what the organization's domains allow, unless it was offered before.
    fn enroll(&self, organization: &mut Organization, user: &User) -> Result<(), Error> {
        if organization.membership(&user.id).is_some() {
            return Ok(());
        }
        for domain in organization.domains.clone() {
            let Some(address) = domain.address_of(user) else {
                continue;
            };
            match domain.enrollment_mode {
                EnrollmentMode::ManualInvitation => continue,
                EnrollmentMode::AutomaticInvitation => {
                    let mut known = organization.invitations.iter();
                    if known.any(|invitation| invitation.email_address == address) || organization.is_full() {
                        continue;
                    }
                    let mut invitation =
                        Invitation::new(address.to_owned(), &self.role_set()?.default_role, self.now);
                    invitation.domain_id = Some(domain.id);
                    organization.invitations.push(invitation);
                }
                EnrollmentMode::AutomaticSuggestion => {
                    let mut known = organization.suggestions.iter();
                    if known.any(|suggestion| suggestion.user_id == user.id) {
                        continue;
                    }
                    let suggestion = Suggestion::new(&user.id, &domain.id, self.now);
                    organization.suggestions.push(suggestion);
                }
            }
            self.store.put(organization)?;
        }
        Ok(())
    }
}
