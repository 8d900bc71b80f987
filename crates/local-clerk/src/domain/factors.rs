//! Sending and checking the factors of sign-ins and reverifications.

use crate::{
    error::{ApiError, Error},
    model::{Client, ContactKind, EMAIL_LINK, LinkPurpose, MessageKind, SignIn, User, Verification},
};

use super::{Context, email_links, mailbox, sign_in::user_of};

/// Checks a password as the first factor. A wrong one counts as a failed attempt.
pub(crate) fn attempt_password(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    user: &mut User,
    password: &str,
) -> Result<Result<(), ApiError>, Error> {
    let hash = user.password.as_ref();
    if !hash
        .ok_or_else(ApiError::strategy_for_user_invalid)?
        .verify(password)
    {
        cx.count_failure(user)?;
        return Ok(Err(ApiError::password_incorrect("password")));
    }
    attempt.first_factor = Some(Verification::verified("password", cx.now));
    Ok(Ok(()))
}

/// Checks the code of a first factor. A wrong one counts as a failed attempt.
pub(crate) fn attempt_code(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    user: &mut User,
    strategy: &str,
    code: &str,
) -> Result<Result<(), ApiError>, Error> {
    let sent = attempt.first_factor.as_mut();
    let outcome = sent
        .filter(|factor| factor.strategy == strategy)
        .ok_or_else(ApiError::verification_missing)?
        .attempt(code, cx.now);
    if outcome.is_err() {
        cx.count_failure(user)?;
    }
    Ok(outcome)
}

/// Checks the second factor. A wrong code counts as a failed attempt; after success the caller stores the
/// user, whose code is used up.
pub(crate) fn attempt_second(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    user: &mut User,
    strategy: &str,
    code: &str,
) -> Result<Result<(), ApiError>, Error> {
    let is_correct = match strategy {
        "totp" => user
            .totp
            .as_mut()
            .is_some_and(|totp| totp.take(code, cx.real_now)),
        "backup_code" => user.backup_codes.as_mut().is_some_and(|codes| codes.take(code)),
        "phone_code" => {
            let sent = attempt.second_factor.as_mut();
            let sent = sent.ok_or_else(ApiError::verification_missing)?;
            if let Err(error) = sent.attempt(code, cx.now) {
                cx.count_failure(user)?;
                return Ok(Err(error));
            }
            true
        }
        other => return Err(ApiError::strategy_invalid(other).into()),
    };
    if !is_correct {
        cx.count_failure(user)?;
        return Ok(Err(ApiError::code_incorrect()));
    }
    attempt.second_factor = Some(Verification::verified(strategy, cx.now));
    Ok(Ok(()))
}

/// Sends a code or a link as the first factor, to the chosen contact if there is one.
pub(crate) fn send(
    cx: &Context<'_>,
    client: &Client,
    attempt: &mut SignIn,
    strategy: &str,
    contact_id: Option<&str>,
    redirect_url: Option<&str>,
) -> Result<(), Error> {
    if strategy != EMAIL_LINK {
        return send_code(cx, attempt, strategy, contact_id);
    }
    let user = user_of(cx, attempt)?;
    let address = contact(attempt, &user, ContactKind::EmailAddress, contact_id)?;
    let purpose = LinkPurpose::SignIn {
        client_id: client.id.clone(),
        id: attempt.id.clone(),
    };
    attempt.first_factor = Some(email_links::send(cx, address, purpose, redirect_url)?);
    Ok(())
}

/// Sends a code as the first factor, to the chosen contact if there is one.
pub(crate) fn send_code(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    strategy: &str,
    contact_id: Option<&str>,
) -> Result<(), Error> {
    let (kind, is_reset) = code_kind(cx, strategy)?;
    let user = user_of(cx, attempt)?;
    let (message, subject) = if is_reset {
        (MessageKind::ResetPasswordCode, "Password reset code")
    } else {
        (MessageKind::VerificationCode, "Sign-in code")
    };
    mailbox::send_code(cx, contact(attempt, &user, kind, contact_id)?, message, subject)?;
    attempt.first_factor = Some(Verification::sent(strategy, cx.code_expiry()?));
    Ok(())
}

/// Sends a code as the second factor, to the chosen phone number or the default one. Only phone codes are
/// sent: authenticator apps and backup codes need nothing.
pub(crate) fn send_second_code(
    cx: &Context<'_>,
    attempt: &mut SignIn,
    strategy: &str,
    phone_number_id: Option<&str>,
) -> Result<(), Error> {
    if strategy != "phone_code" {
        return Err(ApiError::strategy_invalid(strategy).into());
    }
    let user = user_of(cx, attempt)?;
    let phone_number = user
        .second_factor_phone_numbers()
        .find(|number| phone_number_id.map_or(number.default_second_factor, |id| number.id == id))
        .ok_or_else(ApiError::strategy_for_user_invalid)?;
    mailbox::send_code(
        cx,
        &phone_number.value,
        MessageKind::VerificationCode,
        "Sign-in code",
    )?;
    attempt.second_factor = Some(Verification::sent("phone_code", cx.code_expiry()?));
    Ok(())
}

/// Returns the kind of contact that a first factor's strategy sends its code to, and whether the code
/// allows setting a new password.
///
/// # Errors
/// If the strategy sends no code or is not enabled.
pub(crate) fn code_kind(cx: &Context<'_>, strategy: &str) -> Result<(ContactKind, bool), Error> {
    let is_on = cx.settings()?.has_first_factor(strategy);
    let kind = ContactKind::of_strategy(strategy).filter(|_| is_on);
    Ok(kind.ok_or_else(|| ApiError::strategy_invalid(strategy))?)
}

/// Returns the chosen contact, else the one that identified the user, else the first.
fn contact<'a>(
    attempt: &SignIn,
    user: &'a User,
    kind: ContactKind,
    id: Option<&str>,
) -> Result<&'a str, ApiError> {
    let mut contacts = user.contacts_for_sign_in(kind);
    let contact = match id {
        Some(id) => contacts.find(|contact| contact.id == id).ok_or_else(|| {
            let param = format!("{}_id", kind.name());
            ApiError::value_invalid(&param, format!("No such {}.", kind.label()))
        })?,
        None => contacts
            .find(|contact| Some(&contact.value) == attempt.identifier.as_ref())
            .or_else(|| user.contacts_for_sign_in(kind).next())
            .ok_or_else(ApiError::strategy_for_user_invalid)?,
    };
    Ok(&contact.value)
}
