//! Creating and deleting users, and setting their passwords.

use crate::{
    error::{ApiError, Error},
    model::{
        Identifier, Image, Organization, Payer, PaymentMethod, Plan, Session, SessionStatus, Subscription,
        User,
    },
    password::{self, PasswordHash},
    store::{Store, links},
};

use super::{Context, identifiers::claim_identifiers};

/// Sets a user's password if it follows the rules; `param` names the parameter in the error.
pub(crate) fn reset_password(user: &mut User, password: &str, param: &str, now: i64) -> Result<(), ApiError> {
    password::check(password, param)?;
    set_password(user, password, now);
    Ok(())
}

/// Sets a user's password, whatever it is.
pub(crate) fn set_password(user: &mut User, password: &str, now: i64) {
    user.password = Some(PasswordHash::new(password));
    user.password_last_updated_at = Some(now);
    user.password_compromised_at = None;
    user.updated_at = now;
}

/// Stores a new user with the default subscription and a test card, so that checkouts need no card form.
pub(crate) fn create_user(store: &Store<'_>, user: &User) -> Result<(), Error> {
    claim_identifiers(store, user)?;
    store.put(user)?;
    if let Some(plan) = Plan::default_of(store, Payer::User)? {
        store.put(&Subscription::new(&user.id, &plan, user.created_at))?;
    }
    store.put(&PaymentMethod::new(&user.id, user.created_at))?;
    Ok(())
}

impl Context<'_> {
    /// Deletes a user and everything that belongs to the user alone.
    pub(crate) fn delete_user(&self, user: &User) -> Result<(), Error> {
        self.close_sessions_of(&user.id, None, SessionStatus::Removed)?;
        for identifier in self.store.of::<Identifier>(&user.id)? {
            self.store.delete::<Identifier>(&identifier.value)?;
        }
        for mut organization in self
            .store
            .linked::<Organization>(&links::SUGGESTED, &[&user.id])?
        {
            organization
                .suggestions
                .retain(|suggestion| suggestion.user_id != user.id);
            self.store.put(&organization)?;
        }
        for mut organization in self.store.linked::<Organization>(&links::MEMBER, &[&user.id])? {
            self.remove_member(&mut organization, &user.id)?;
        }
        self.delete_credits(&user.id)?;
        for method in self.store.of::<PaymentMethod>(&user.id)? {
            self.store.delete::<PaymentMethod>(&method.id)?;
        }
        for session in self.store.of::<Session>(&user.id)? {
            self.store.delete::<Session>(&session.id)?;
        }
        if let Some(image) = &user.image_id {
            self.store.delete::<Image>(image)?;
        }
        self.store.delete::<Subscription>(&user.id)?;
        self.store.delete::<User>(&user.id)?;
        Ok(())
    }
}
