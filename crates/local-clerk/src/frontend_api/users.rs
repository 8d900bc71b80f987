//! The beginning and the end of an account.

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    identifiers::claim_identifiers,
    images::Image,
    model::{Identifier, Organization, PaymentMethod, Session, Subscription, User},
    password,
    plans::{Payer, Plan},
    store::Store,
};

/// Gives a user a new password.
pub(in super::super) fn reset_password(
    user: &mut User,
    new: &str,
    param: &str,
    now: i64,
) -> Result<(), ApiError> {
    user.password = Some(password::accept(new, param)?);
    user.password_last_updated_at = Some(now);
    user.password_compromised_at = None;
    user.updated_at = now;
    Ok(())
}

/// Stores a new user, with a card that checkouts take without a card form.
pub(in super::super) fn create_user(store: &Store<'_>, user: &User) -> Result<(), Error> {
    claim_identifiers(store, user)?;
    store.put(user)?;
    if let Some(plan) = Plan::default_of(store, Payer::User)? {
        store.put(&Subscription::new(&user.id, &plan, user.created_at))?;
    }
    store.put(&PaymentMethod::new(&user.id, user.created_at))?;
    Ok(())
}

impl Call<'_> {
    /// Closes the user's sessions, but for one.
    pub(in super::super) fn close_sessions_of(
        &self,
        user_id: &str,
        but: Option<&str>,
        status: &str,
    ) -> Result<(), Error> {
        for mut session in self.store.of::<Session>(user_id)? {
            if session.is_active(self.now) && Some(session.id.as_str()) != but {
                self.close_session(&mut session, status)?;
            }
        }
        Ok(())
    }

    /// Forgets a user and everything that is theirs.
    pub(in super::super) fn delete_user(&self, user: &User) -> Result<(), Error> {
        self.close_sessions_of(&user.id, None, "removed")?;
        for identifier in self.store.of::<Identifier>(&user.id)? {
            self.store.delete::<Identifier>(&identifier.value)?;
        }
        for mut organization in self.store.all::<Organization>()? {
            let count = organization.suggestions.len();
            organization
                .suggestions
                .retain(|suggestion| suggestion.user_id != user.id);
            if organization.membership(&user.id).is_some() {
                self.remove_member(&mut organization, &user.id)?;
            } else if organization.suggestions.len() < count {
                self.store.put(&organization)?;
            }
        }
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
