//! Sign-ins with `sign_up_if_missing`: by a contact that may belong to no user. A verified one can be transferred to a
//! sign-up, so that nobody learns before whether there is a user.

use crate::{
    error::{ApiError, Error},
    model::{Contact, ContactKind, SignIn, SignInStatus, SignUp, SignUpMode},
};

use super::{Context, mailbox, sign_up};

/// Identifies an attempt by a contact of nobody.
///
/// # Errors
/// If nobody can sign up with it.
pub(crate) fn identify(cx: &Context<'_>, attempt: &mut SignIn, identifier: &str) -> Result<(), Error> {
    let settings = cx.settings()?;
    let kind = kind_of(identifier);
    let parsed = kind.parse(identifier, "identifier").ok();
    let value = parsed
        .filter(|_| {
            settings.sign_up_mode == SignUpMode::Public && settings.has_first_factor(kind.code_strategy())
        })
        .ok_or_else(ApiError::identifier_not_found)?;
    cx.check_may_sign_up(&value, "identifier")?;
    attempt.identifier = Some(value.clone());
    attempt.new_contact = Some(Contact::new(value, None, cx.now));
    attempt.status = SignInStatus::NeedsFirstFactor;
    Ok(())
}

/// Sends a code to the contact.
pub(crate) fn send(
    cx: &Context<'_>,
    contact: &mut Contact,
    strategy: &str,
    contact_id: Option<&str>,
) -> Result<(), Error> {
    let kind = kind_of(&contact.value);
    if strategy != kind.code_strategy() {
        return Err(ApiError::strategy_for_user_invalid().into());
    }
    if contact_id.is_some_and(|id| id != contact.id) {
        let message = format!("No such {}.", kind.label());
        return Err(ApiError::value_invalid(&format!("{}_id", kind.name()), message).into());
    }
    let sent = mailbox::send_verification_code(cx, &contact.value, strategy)?;
    contact.verification = Some(sent);
    Ok(())
}

/// Checks the code. Both outcomes are errors: the right one says that a sign-up has to continue.
pub(crate) fn attempt(
    cx: &Context<'_>,
    contact: &mut Contact,
    strategy: &str,
    code: &str,
) -> Result<ApiError, Error> {
    let sent = contact
        .verification
        .as_mut()
        .filter(|sent| sent.strategy == strategy);
    let sent = sent.ok_or_else(ApiError::verification_missing)?;
    Ok(match sent.attempt(code, cx.now) {
        Ok(()) => ApiError::sign_up_if_missing_transfer(),
        Err(error) => error,
    })
}

/// Continues a sign-in as a sign-up with the contact, if it has been verified.
pub(crate) fn transfer(
    cx: &Context<'_>,
    sign_in: Option<&SignIn>,
    attempt: &mut SignUp,
) -> Result<bool, Error> {
    let contact = sign_in.and_then(|sign_in| sign_in.new_contact.as_ref());
    let Some(contact) = contact.filter(|contact| contact.is_verified()) else {
        return Ok(false);
    };
    let kind = kind_of(&contact.value);
    sign_up::set_contact(cx, attempt, kind, &contact.value)?;
    attempt.verification_mut(kind).clone_from(&contact.verification);
    Ok(true)
}

/// Returns the kind of a contact in its stored form.
pub(crate) fn kind_of(contact: &str) -> ContactKind {
    if contact.contains('@') {
        ContactKind::EmailAddress
    } else {
        ContactKind::PhoneNumber
    }
}
