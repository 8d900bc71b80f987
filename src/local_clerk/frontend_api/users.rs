//! Who owns which e-mail address, and the end of an account.

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    images::Image,
    model::{Identifier, Organization, PaymentMethod, Session, Subscription, User},
    password,
    store::Store,
};

/// An e-mail address that could be one, in lower case.
pub(in super::super) fn parse_email_address(text: &str, param: &str) -> Result<String, ApiError> {
    let invalid = || ApiError::invalid(param, format!("{param} must be a valid email address."));
    let (local, domain) = text.rsplit_once('@').ok_or_else(invalid)?;
    let is_domain = domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && domain
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    let is_local =
        !local.is_empty() && !local.contains(|letter: char| letter.is_whitespace() || letter == '@');
    if text.len() <= 254 && is_local && is_domain {
        Ok(text.to_lowercase())
    } else {
        Err(invalid())
    }
}

/// Gives a user a new password.
pub(in super::super) fn reset_password(
    user: &mut User,
    new: &str,
    param: &str,
    now: i64,
) -> Result<(), ApiError> {
    user.password = Some(password::accept(new, param)?);
    user.password_last_updated_at = Some(now);
    user.updated_at = now;
    Ok(())
}

/// Makes the verified addresses of a user the user's own.
pub(in super::super) fn claim_email_addresses(store: &Store<'_>, user: &User) -> Result<(), Error> {
    for address in user
        .email_addresses
        .iter()
        .filter(|address| address.is_verified())
    {
        store.put(&Identifier {
            value: address.email_address.clone(),
            user_id: user.id.clone(),
        })?;
    }
    Ok(())
}

/// Stores a new user, with a card that checkouts take without a card form.
pub(in super::super) fn create_user(store: &Store<'_>, user: &User) -> Result<(), Error> {
    claim_email_addresses(store, user)?;
    store.put(user)?;
    store.put(&Subscription::new(&user.id, user.created_at))?;
    store.put(&PaymentMethod::new(&user.id, user.created_at))?;
    Ok(())
}

impl Call<'_> {
    pub(in super::super) fn user_by_email(&self, email_address: &str) -> Result<Option<User>, Error> {
        let Some(identifier) = self.store.get::<Identifier>(&email_address.to_lowercase())? else {
            return Ok(None);
        };
        Ok(self.store.get(&identifier.user_id)?)
    }

    /// Fails if the address is somebody's.
    pub(in super::super) fn check_email_is_free(
        &self,
        email_address: &str,
        param: &str,
    ) -> Result<(), Error> {
        match self.store.get::<Identifier>(email_address)? {
            Some(_) => Err(ApiError::identifier_exists(param).into()),
            None => Ok(()),
        }
    }

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
            if organization.membership(&user.id).is_some() {
                self.remove_member(&mut organization, &user.id)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_look_like_some() {
        for good in [
            "Jane@Example.com",
            "jane+clerk_test@mail.example.co.uk",
            "j@xn--bcher-kva.example",
        ] {
            assert_eq!(
                parse_email_address(good, "email_address").unwrap(),
                good.to_lowercase()
            );
        }
        for bad in [
            "",
            "jane",
            "jane@",
            "@example.com",
            "jane@localhost",
            "a b@example.com",
            "a@b..c",
            "a@b@c.de",
        ] {
            assert!(parse_email_address(bad, "email_address").is_err(), "{bad}");
        }
    }
}
