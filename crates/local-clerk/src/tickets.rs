//! The tickets that the links of invitations carry, and what following one does.

use serde_json::json;
use url::Url;

use super::{
    call::Call,
    errors::{ApiError, Error},
    model::{
        ApplicationInvitation, ContactKind, Invitation, InvitationStatus, Organization, SignInToken, SignUp,
        Ticket, TicketSource, User, Verification, WaitlistEntry, WaitlistStatus,
    },
    store,
};

/// An invitation whose ticket is good.
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

impl Call<'_> {
    /// The link of an invitation. The body may say where it leads.
    pub(super) fn issue_ticket(&self, source: TicketSource, expires_at: i64) -> Result<String, Error> {
        let redirect_url = self.body.filled("redirect_url");
        let redirect_url = redirect_url
            .map(|text| self.url.way_back(None, text, "redirect_url"))
            .transpose()?;
        let (kind, id) = match &source {
            TicketSource::Application { invitation_id } => ("invitation", invitation_id),
            TicketSource::Organization { invitation_id, .. } => ("organization_invitation", invitation_id),
        };
        let claims = json!({
            "exp": expires_at / 1000,
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

    /// Where the link of an invitation leads: on to sign up, or to sign in for who has an account.
    pub(super) fn follow_ticket(&self, token: &str) -> Result<Url, Error> {
        let invited = self.invited(token)?;
        let (status, page) = match self.user_by_identifier(invited.email_address())? {
            Some(_) => ("sign_in", "sign-in"),
            None => ("sign_up", "sign-up"),
        };
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

    /// Begins a sign-up with the ticket that was sent: its address needs no code.
    pub(super) fn follow_invitation(&self, attempt: &mut SignUp) -> Result<(), Error> {
        let token = self.body.required("ticket")?;
        if attempt.ticket.as_deref() == Some(token) {
            return Ok(());
        }
        if !self.store.of::<SignInToken>(token)?.is_empty() {
            let why = "Sign in tokens can only be used during sign in.";
            return Err(ApiError::bad_request("sign_in_token_not_in_sign_in_code", why).into());
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

    /// Who has an account at the address that was invited.
    pub(super) fn invited_user(&self, token: &str) -> Result<User, Error> {
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

    /// Accepts a user's invitation. Returns the organization that the user is a member of now.
    pub(super) fn accept_invitation(&self, token: &str, user: &User) -> Result<Option<String>, Error> {
        match self.invited(token)? {
            Invited::ToApplication(mut invitation) => {
                invitation.settle(InvitationStatus::Accepted, self.now);
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
                    invitation.settle(InvitationStatus::Accepted, self.now);
                }
                if organization.membership(&user.id).is_none() {
                    organization.add_member(&user.id, invitation.role, self.now);
                }
                self.store.put(&*organization)?;
                Ok(Some(organization.id))
            }
        }
    }

    /// The invitation that a ticket is of, if it is still to be answered.
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
        match (status, &invited) {
            (InvitationStatus::Pending, _) if expires_at > self.now => Ok(invited),
            (InvitationStatus::Pending, _) => Err(ApiError::ticket_expired().into()),
            (InvitationStatus::Accepted, Invited::ToApplication(_)) => {
                Err(ApiError::invitation_already_accepted().into())
            }
            (InvitationStatus::Accepted, Invited::ToOrganization(..)) => {
                let why = "This invitation has already been accepted. Sign in instead.";
                Err(ApiError::bad_request("organization_invitation_already_accepted", why).into())
            }
            (InvitationStatus::Revoked, Invited::ToApplication(_)) => {
                Err(ApiError::bad_request("revoked_invitation", "The invitation was revoked.").into())
            }
            (InvitationStatus::Revoked, Invited::ToOrganization(..)) => {
                let why = "This invitation has been revoked and cannot be used anymore.";
                Err(ApiError::bad_request("organization_invitation_revoked_code", why).into())
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
