//! What identifies a user: e-mail addresses, phone numbers and usernames. Each is one user's at most.

use crate::{
    error::{ApiError, Error},
    model::{Contact, ContactKind, ExternalAccount, Identifier, Passkey, Use, User},
    store::Store,
};

use super::Context;

pub(crate) const USERNAME_MIN_LENGTH: usize = 4;
pub(crate) const USERNAME_MAX_LENGTH: usize = 64;

/// Parses an e-mail address into lower case; `param` names the parameter in the error.
pub(crate) fn parse_email_address(text: &str, param: &str) -> Result<String, ApiError> {
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

/// Parses a phone number into ITU-T E.164 format; `param` names the parameter in the error.
pub(crate) fn parse_phone_number(text: &str, param: &str) -> Result<String, ApiError> {
    let number: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-' | '.' | '(' | ')'))
        .collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|digit| digit.is_ascii_digit())
    {
        return Ok(number);
    }
    let message = format!("{param} must be a valid phone number according to E.164 international standard.");
    Err(ApiError::invalid(param, message))
}

/// Parses a username into lower case.
pub(crate) fn parse_username(text: &str) -> Result<String, ApiError> {
    let (code, message) = if !(USERNAME_MIN_LENGTH..=USERNAME_MAX_LENGTH).contains(&text.chars().count()) {
        (
            "form_username_invalid_length",
            format!(
                "Username must be between {USERNAME_MIN_LENGTH} and {USERNAME_MAX_LENGTH} characters long."
            ),
        )
    } else if !text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        (
            "form_username_invalid_character",
            "Username can only contain letters, numbers and '_' or '-'.".to_owned(),
        )
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        (
            "form_username_needs_non_number_char",
            "Username must contain one non-number character.".to_owned(),
        )
    } else {
        return Ok(text.to_lowercase());
    };
    Err(ApiError::form(code, "username", message))
}

/// Converts an identifier to the form in which it is stored.
pub(crate) fn normalize(text: &str) -> String {
    parse_phone_number(text, "identifier").unwrap_or_else(|_| text.to_lowercase())
}

impl ContactKind {
    /// Parses a contact of this kind; `param` names the parameter in the error.
    pub(crate) fn parse(self, text: &str, param: &str) -> Result<String, ApiError> {
        match self {
            Self::EmailAddress => parse_email_address(text, param),
            Self::PhoneNumber => parse_phone_number(text, param),
        }
    }
}

/// Reserves a user's verified contacts, username, accounts at providers and passkeys for the user.
pub(crate) fn claim_identifiers(store: &Store<'_>, user: &User) -> Result<(), Error> {
    let contacts = user.email_addresses.iter().chain(&user.phone_numbers);
    let verified = contacts
        .filter(|contact| contact.is_verified())
        .map(|contact: &Contact| &contact.value);
    let accounts = user.external_accounts.iter().filter_map(ExternalAccount::key);
    let passkeys = user.passkeys.iter().filter_map(Passkey::key);
    for value in verified
        .chain(&user.username)
        .cloned()
        .chain(accounts)
        .chain(passkeys)
    {
        store.put(&Identifier {
            value,
            user_id: user.id.clone(),
        })?;
    }
    Ok(())
}

impl Context<'_> {
    /// Finds the user with an e-mail address, a phone number or a username.
    pub(crate) fn user_by_identifier(&self, text: &str) -> Result<Option<User>, Error> {
        let Some(identifier) = self.store.get::<Identifier>(&normalize(text))? else {
            return Ok(None);
        };
        Ok(self.store.get(&identifier.user_id)?)
    }

    /// Changes or removes a username. Removing fails where one is required.
    pub(crate) fn change_username(&self, user: &mut User, text: Option<&str>) -> Result<(), Error> {
        let use_of = self.settings()?.username;
        let username = match text {
            Some(_) if use_of == Use::Off => return Err(ApiError::unknown_param("username").into()),
            None if use_of == Use::Required => return Err(ApiError::missing("username").into()),
            text => text.map(parse_username).transpose()?,
        };
        if username == user.username {
            return Ok(());
        }
        if let Some(username) = &username {
            self.check_identifier_is_free(username, "username")?;
        }
        if let Some(old) = std::mem::replace(&mut user.username, username) {
            self.store.delete::<Identifier>(&old)?;
        }
        if user.username.is_none() && !user.is_identified() {
            return Err(ApiError::last_identification().into());
        }
        claim_identifiers(&self.store, user)
    }

    /// Fails if an identifier belongs to a user.
    pub(crate) fn check_identifier_is_free(&self, value: &str, param: &str) -> Result<(), Error> {
        match self.store.get::<Identifier>(value)? {
            Some(_) => Err(ApiError::identifier_exists(param).into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses_are_validated() {
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

    #[test]
    fn phone_numbers_follow_e_164() {
        for good in ["+12015550100", "+1 (201) 555-0100", "+1.201.555.0100"] {
            assert_eq!(parse_phone_number(good, "phone_number").unwrap(), "+12015550100");
        }
        for bad in [
            "",
            "+",
            "2015550100",
            "+02015550100",
            "+1201555010a",
            "+123456",
            "+1234567890123456",
            "++12015550100",
        ] {
            assert!(parse_phone_number(bad, "phone_number").is_err(), "{bad}");
        }
    }

    #[test]
    fn usernames_have_length_limits_and_an_alphabet() {
        assert_eq!(parse_username("Jane_D-3").unwrap(), "jane_d-3");
        for (bad, code) in [
            ("abc", "form_username_invalid_length"),
            (&"x".repeat(65), "form_username_invalid_length"),
            ("jane doe", "form_username_invalid_character"),
            ("jäne", "form_username_invalid_character"),
            ("jane@example.com", "form_username_invalid_character"),
            ("12345", "form_username_needs_non_number_char"),
        ] {
            assert_eq!(parse_username(bad).unwrap_err().code, code, "{bad}");
        }
    }
}
