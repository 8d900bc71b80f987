//! The tickets in the links of invitations, and what following one does.

use serde_json::json;
use url::Url;

use crate::{
    error::{ApiError, Error},
    model::{
        ApplicationInvitation, Client, ContactKind, Invitation, InvitationStatus, Organization, SignInToken,
        SignUp, Ticket, TicketKind, TicketSource, User, Verification, WaitlistEntry, WaitlistStatus,
    },
    store,
};

use super::Context;

/// A pending invitation with a valid ticket.
enum Invited {
    ToApplication(ApplicationInvitation),
    ToOrganization(Box<Organization>, Invitation),
}

impl Invited {
    fn email_address(&self) -> &str {
        match self {
            Self::ToApplication(invitation) => &invitation.email_address,
            Self::ToOrganization(_, invitation) => &invitation.email_address,
        }
    }
}

impl Context<'_> {
    /// Issues the ticket of an invitation, and returns the link that contains it. `redirect_url` is where
    /// the link leads; `None` for the app's own pages.
    pub(crate) fn issue_ticket(
        &self,
        source: TicketSource,
        expires_at: i64,
        redirect_url: Option<&str>,
    ) -> Result<String, Error> {
        let redirect_url = redirect_url
            .map(|text| self.url.parse_redirect(None, text, "redirect_url"))
            .transpose()?;
        let (kind, id) = match &source {
            TicketSource::Application { invitation_id } => ("invitation", invitation_id),
            TicketSource::Organization { invitation_id, .. } => ("organization_invitation", invitation_id),
        };
        let claims = json!({
            "exp": self.real(expires_at) / 1000,
            "iid": self.keys.instance_id,
            "iss": self.keys.issuer(),
            "rurl": redirect_url.as_ref().map(Url::as_str),
            "sid": id,
            "st": kind,
        });
        let ticket = Ticket {
            token: self.keys.sign(&json!({}), &claims),
            source,
            redirect_url: redirect_url.map(Into::into),
        };
        self.store.put(&ticket)?;
        let link = format!(
            "{}/v1/tickets/accept?ticket={}",
            self.url.frontend_api, ticket.token
        );
        Ok(link)
    }

    /// Returns where the link with a ticket leads: to the sign-up, or to the sign-in if the address has an account. Who
    /// is signed in with that account has thereby accepted the invitation.
    pub(crate) fn follow_ticket(&self, token: &str, visitor: Option<&Client>) -> Result<Url, Error> {
        if let Some(ticket) = self.store.of::<SignInToken>(token)?.pop() {
            ticket.check_usable(self.now)?;
            return self.page_with_ticket("sign-in", token, "sign_in");
        }
        let invited = self.invited(token)?;
        let user = self.user_by_identifier(invited.email_address())?;
        let is_signed_in = match (visitor, &user) {
            (Some(client), Some(user)) => self.is_signed_in(client, &user.id)?,
            _ => false,
        };
        let (status, page) = match &user {
            Some(user) if is_signed_in => {
                self.accept_invitation(token, user)?;
                ("complete", "")
            }
            Some(_) => ("sign_in", "sign-in"),
            None => ("sign_up", "sign-up"),
        };
        self.page_with_ticket(page, token, status)
    }

    /// Returns the URL of one of the app's own pages, or of the one that the ticket chooses.
    fn page_with_ticket(&self, page: &str, token: &str, status: &str) -> Result<Url, Error> {
        let ticket = self.store.get::<Ticket>(token)?;
        let target = ticket
            .and_then(|ticket| ticket.redirect_url)
            .unwrap_or_else(|| format!("{}/{page}", self.url.app));
        let mut target = Url::parse(&target).map_err(|_| ApiError::ticket_invalid())?;
        target
            .query_pairs_mut()
            .append_pair("__clerk_ticket", token)
            .append_pair("__clerk_status", status);
        Ok(target)
    }

    /// Tells whether following the link with a ticket signs whoever is there out: if it is that of an impersonator.
    pub(crate) fn impersonates(&self, token: &str) -> Result<bool, Error> {
        let ticket = self.store.of::<SignInToken>(token)?.pop();
        Ok(ticket.is_some_and(|ticket| ticket.kind() == TicketKind::Actor))
    }

    /// Starts a sign-up with the ticket of an invitation, which verifies the address.
    pub(crate) fn follow_invitation(&self, attempt: &mut SignUp, token: &str) -> Result<(), Error> {
        if attempt.ticket.as_deref() == Some(token) {
            return Ok(());
        }
        if let Some(ticket) = self.store.of::<SignInToken>(token)?.pop() {
            return Err(ticket.not_in_sign_in().into());
        }
        let invited = self.invited(token)?;
        if self.user_by_identifier(invited.email_address())?.is_some() {
            return Err(match invited {
                Invited::ToApplication(_) => ApiError::bad_request(
                    "invitation_account_exists",
                    "An account already exists for this invitation. Sign in instead.",
                ),
                Invited::ToOrganization(..) => ApiError::bad_request(
                    "organization_invitation_identification_already_exists",
                    "The email address in this invitation already exists. If it belongs to you, try signing in instead.",
                ),
            }
            .into());
        }
        attempt.set_contact(ContactKind::EmailAddress, invited.email_address().to_owned());
        attempt.email_verification = Some(Verification::verified("ticket", self.now));
        attempt.ticket = Some(token.to_owned());
        if let Invited::ToApplication(invitation) = invited {
            attempt.public_metadata = invitation.public_metadata;
        }
        Ok(())
    }

    /// Returns the user with the invited address.
    pub(crate) fn invited_user(&self, token: &str) -> Result<User, Error> {
        let invited = self.invited(token)?;
        let user = self.user_by_identifier(invited.email_address())?;
        Ok(user.ok_or_else(|| match invited {
            Invited::ToApplication(_) => ApiError::bad_request(
                "invitation_account_not_exists",
                "This invitation refers to a non-existing identification.",
            ),
            Invited::ToOrganization(..) => ApiError::bad_request(
                "organization_invitation_identification_not_exist",
                "User not found. If you don't have an account, sign up first to accept this invitation.",
            ),
        })?)
    }

    /// Accepts an invitation for a user. Returns the id of the organization that the user has joined, if any.
    pub(crate) fn accept_invitation(&self, token: &str, user: &User) -> Result<Option<String>, Error> {
        match self.invited(token)? {
            Invited::ToApplication(mut invitation) => {
                invitation.set_status(InvitationStatus::Accepted, self.now);
                self.store.put(&invitation)?;
                for mut entry in self.store.of::<WaitlistEntry>(&invitation.email_address)? {
                    entry.status = WaitlistStatus::Completed;
                    entry.updated_at = self.now;
                    self.store.put(&entry)?;
                }
                Ok(None)
            }
            Invited::ToOrganization(mut organization, invitation) => {
                if let Some(invitation) = organization.invitation_mut(&invitation.id) {
                    invitation.set_status(InvitationStatus::Accepted, self.now);
                }
                if organization.membership(&user.id).is_none() {
                    organization.add_member(&user.id, &invitation.role, self.now);
                }
                self.store.put(&*organization)?;
                Ok(Some(organization.id))
            }
        }
    }

    /// Returns the pending invitation of a ticket.
    fn invited(&self, token: &str) -> Result<Invited, Error> {
        let ticket = self.store.get::<Ticket>(token)?;
        let invited = match ticket.map(|ticket| ticket.source) {
            Some(TicketSource::Application { invitation_id }) => {
                let invitation = self.store.get::<ApplicationInvitation>(&invitation_id)?;
                invitation.map(Invited::ToApplication)
            }
            Some(TicketSource::Organization {
                organization_id,
                invitation_id,
            }) => self.invited_to_organization(&organization_id, &invitation_id)?,
            None => None,
        };
        let invited = invited.ok_or_else(ApiError::ticket_invalid)?;
        let (status, expires_at) = match &invited {
            Invited::ToApplication(invitation) => (invitation.status, invitation.expires_at),
            Invited::ToOrganization(_, invitation) => (invitation.status, invitation.expires_at),
        };
        match (status.at(self.now, expires_at), &invited) {
            (InvitationStatus::Pending, _) => Ok(invited),
            (InvitationStatus::Expired, _) => Err(ApiError::ticket_expired().into()),
            (InvitationStatus::Accepted, Invited::ToApplication(_)) => {
                Err(ApiError::invitation_already_accepted().into())
            }
            (InvitationStatus::Accepted, Invited::ToOrganization(..)) => {
                let message = "This invitation has already been accepted. Sign in instead.";
                Err(ApiError::bad_request("organization_invitation_already_accepted", message).into())
            }
            (InvitationStatus::Revoked, Invited::ToApplication(_)) => {
                Err(ApiError::bad_request("revoked_invitation", "The invitation was revoked.").into())
            }
            (InvitationStatus::Revoked, Invited::ToOrganization(..)) => {
                let message = "This invitation has been revoked and cannot be used anymore.";
                Err(ApiError::bad_request("organization_invitation_revoked_code", message).into())
            }
        }
    }

    fn invited_to_organization(
        &self,
        organization_id: &str,
        invitation_id: &str,
    ) -> Result<Option<Invited>, store::Error> {
        let Some(organization) = self.store.get::<Organization>(organization_id)? else {
            return Ok(None);
        };
        let mut invitations = organization.invitations.iter();
        let invitation = invitations
            .find(|invitation| invitation.id == invitation_id)
            .cloned();
        Ok(invitation.map(|invitation| Invited::ToOrganization(Box::new(organization), invitation)))
    }
}
