//! Accounts at providers: connecting and removing them.

use crate::{
    error::{ApiError, Error},
    model::{Contact, ContactKind, ExternalAccount, Identifier, Identity, User, Verification, account_key},
};

use super::{Context, identifiers::claim_identifiers};

/// Returns a user's account at a provider by its id.
pub(crate) fn find_mut<'u>(user: &'u mut User, id: &str) -> Result<&'u mut ExternalAccount, ApiError> {
    let found = user.external_accounts.iter_mut().find(|account| account.id == id);
    found.ok_or_else(|| ApiError::not_found("external account", id))
}

impl Context<'_> {
    /// Disconnects an account, unless the user could not sign in any more.
    pub(crate) fn remove_external_account(&self, user: &mut User, id: &str) -> Result<(), Error> {
        let position = user.external_accounts.iter().position(|own| own.id == id);
        let position = position.ok_or_else(|| ApiError::not_found("external account", id))?;
        let account = user.external_accounts.remove(position);
        if let Some(key) = account.key() {
            if !user.is_identified() {
                return Err(ApiError::last_identification().into());
            }
            self.store.delete::<Identifier>(&key)?;
        }
        user.updated_at = self.now;
        self.store.put(user)?;
        Ok(())
    }

    /// Finds the user of an account at a provider: the one who has connected it, else the owner of the e-mail
    /// address that the provider has verified. The account is connected to the latter.
    pub(crate) fn user_by_account(&self, strategy: &str, identity: &Identity) -> Result<Option<User>, Error> {
        if let Some(known) = self.store.get::<Identifier>(&account_key(strategy, identity))? {
            return Ok(self.store.get(&known.user_id)?);
        }
        let Some(email_address) = identity.verified_email_address() else {
            return Ok(None);
        };
        let mut user = self.user_by_identifier(email_address)?;
        if let Some(user) = &mut user {
            let account = ExternalAccount::connected(strategy, identity.clone(), self.now);
            user.external_accounts.push(account);
            self.store_connected(user, strategy, identity)?;
        }
        Ok(user)
    }

    /// Stores a user who has connected an account, and adds the provider's verified e-mail address if it
    /// does not belong to any user yet.
    fn store_connected(&self, user: &mut User, strategy: &str, identity: &Identity) -> Result<(), Error> {
        if let Some(email_address) = identity.verified_email_address()
            && self.store.get::<Identifier>(email_address)?.is_none()
        {
            let verification = Verification::verified(&format!("from_{strategy}"), self.now);
            user.email_addresses
                .retain(|contact| contact.value != email_address);
            let contact = Contact::new(email_address.to_owned(), Some(verification), self.now);
            user.add_contact(ContactKind::EmailAddress, contact);
        }
        user.updated_at = self.now;
        claim_identifiers(&self.store, user)?;
        self.store.put(user)?;
        Ok(())
    }

    /// Completes connecting an account with the provider's answer. Returns whether it is connected now.
    pub(crate) fn finish_connecting(
        &self,
        user_id: &str,
        account_id: &str,
        outcome: Result<Identity, ApiError>,
    ) -> Result<bool, Error> {
        let Some(mut user) = self.store.get::<User>(user_id)? else {
            return Ok(false);
        };
        let Some(position) = user.external_accounts.iter().position(|own| own.id == account_id) else {
            return Ok(false);
        };
        let strategy = user.external_accounts[position].strategy().to_owned();
        let outcome = match outcome {
            Ok(identity) => {
                let key = account_key(&strategy, &identity);
                let owner = self.store.get::<Identifier>(&key)?;
                if owner.is_some_and(|owner| owner.user_id != user.id) {
                    let message = "This account is already connected to another user.";
                    Err(ApiError::bad_request("oauth_identification_claimed", message))
                } else {
                    Ok((key, identity))
                }
            }
            Err(error) => Err(error),
        };
        let is_connected = outcome.is_ok();
        match outcome {
            Ok((key, identity)) => {
                let account = &mut user.external_accounts[position];
                if let Some(previous) = account.key() {
                    self.store.delete::<Identifier>(&previous)?;
                }
                account.connect(identity.clone(), self.now);
                // The same account may have been connected before.
                user.external_accounts
                    .retain(|other| other.id == account_id || other.key().as_ref() != Some(&key));
                self.store_connected(&mut user, &strategy, &identity)?;
            }
            Err(error) => {
                if let Some(authorization) = &mut user.external_accounts[position].verification.authorization
                {
                    authorization.fail(error.json());
                }
                self.store.put(&user)?;
            }
        }
        Ok(is_connected)
    }
}
