//! Signing in: the proofs.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        mailbox,
        model::{Client, ContactKind, SignIn, SignInStatus, User, Verification},
        reply::Reply,
    },
    email_links,
    sign_in::{advance, complete, keep, under_way},
    users,
};

pub(super) fn prepare_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    let strategy = call.body.required("strategy")?;
    send(call, &client, &mut attempt, strategy)?;
    keep(call, &mut client, attempt)
}

pub(super) fn attempt_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, attempt) = under_way(call)?;
    if attempt.status == SignInStatus::Complete {
        return Err(ApiError::verification_already_verified().into());
    }
    attempt_with(call, &mut client, attempt, call.body.required("strategy")?)
}

/// Checks the password that was sent.
pub(super) fn attempt_password(
    call: &Call<'_>,
    client: &mut Client,
    attempt: SignIn,
) -> Result<Reply, Error> {
    attempt_with(call, client, attempt, "password")
}

fn attempt_with(
    call: &Call<'_>,
    client: &mut Client,
    mut attempt: SignIn,
    strategy: &str,
) -> Result<Reply, Error> {
    let mut user = user_of(call, &attempt)?;
    if let Err(error) = try_first(call, &mut attempt, &mut user, strategy)? {
        keep(call, client, attempt)?;
        return Ok(error.into());
    }
    if ContactKind::of_strategy(strategy).is_some_and(|(_, is_reset)| is_reset) {
        attempt.status = SignInStatus::NeedsNewPassword;
    } else {
        advance(call, client, &mut attempt, &mut user)?;
    }
    keep(call, client, attempt)
}

/// Tries the first factor that was sent. What fails counts.
pub(super) fn try_first(
    call: &Call<'_>,
    attempt: &mut SignIn,
    user: &mut User,
    strategy: &str,
) -> Result<Result<(), ApiError>, Error> {
    let outcome = if strategy == "password" {
        let password = call.body.required("password")?;
        let hash = user.password.as_ref();
        if hash
            .ok_or_else(ApiError::strategy_for_user_invalid)?
            .verify(password)
        {
            attempt.first_factor = Some(Verification::verified(strategy, call.now));
            Ok(())
        } else {
            Err(ApiError::password_incorrect("password"))
        }
    } else {
        code_kind(call, strategy)?;
        let code = call.body.required("code")?;
        let sent = attempt.first_factor.as_mut();
        sent.filter(|factor| factor.strategy == strategy)
            .ok_or_else(ApiError::verification_missing)?
            .attempt(code, call.now)
    };
    if outcome.is_err() {
        call.count_failure(user)?;
    }
    Ok(outcome)
}

/// The end of a forgotten password.
pub(super) fn reset_password(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status != SignInStatus::NeedsNewPassword {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = user_of(call, &attempt)?;
    users::reset_password(&mut user, call.body.required("password")?, "password", call.now)?;
    if call.body.flag("sign_out_of_other_sessions") == Some(true) {
        call.close_sessions_of(&user.id, None, "revoked")?;
    }
    advance(call, &mut client, &mut attempt, &mut user)?;
    keep(call, &mut client, attempt)
}

pub(super) fn prepare_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    send_second_code(call, &mut attempt)?;
    keep(call, &mut client, attempt)
}

/// Only phone codes are sent: nothing is for an authenticator app or a backup code.
pub(super) fn send_second_code(call: &Call<'_>, attempt: &mut SignIn) -> Result<(), Error> {
    match call.body.required("strategy")? {
        "phone_code" => {}
        other => return Err(ApiError::strategy_invalid(other).into()),
    }
    let user = user_of(call, attempt)?;
    let chosen = call.body.filled("phone_number_id");
    let phone_number = user
        .second_factor_phone_numbers()
        .find(|number| chosen.map_or(number.default_second_factor, |id| number.id == id))
        .ok_or_else(ApiError::strategy_for_user_invalid)?;
    mailbox::send_code(call, &phone_number.value, "Sign-in code")?;
    attempt.second_factor = Some(Verification::sent("phone_code", call.code_expiry()?));
    Ok(())
}

pub(super) fn attempt_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = user_of(call, &attempt)?;
    if let Err(error) = try_second(call, &mut attempt, &mut user)? {
        keep(call, &mut client, attempt)?;
        return Ok(error.into());
    }
    complete(call, &mut client, &mut attempt, &mut user)?;
    keep(call, &mut client, attempt)
}

/// Tries the second factor that was sent. What fails counts; what is used up by success is the user's,
/// whom the caller stores.
pub(super) fn try_second(
    call: &Call<'_>,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<Result<(), ApiError>, Error> {
    let (strategy, code) = (call.body.required("strategy")?, call.body.required("code")?);
    let is_right = match strategy {
        "totp" => user.totp.as_mut().is_some_and(|totp| totp.take(code, call.now)),
        "backup_code" => user.backup_codes.as_mut().is_some_and(|codes| codes.take(code)),
        "phone_code" => {
            let sent = attempt.second_factor.as_mut();
            let sent = sent.ok_or_else(ApiError::verification_missing)?;
            if let Err(error) = sent.attempt(code, call.now) {
                call.count_failure(user)?;
                return Ok(Err(error));
            }
            true
        }
        other => return Err(ApiError::strategy_invalid(other).into()),
    };
    if !is_right {
        call.count_failure(user)?;
        return Ok(Err(ApiError::code_incorrect()));
    }
    attempt.second_factor = Some(Verification::verified(strategy, call.now));
    Ok(Ok(()))
}

/// What a first factor's strategy sends its code to, and whether the code is to set a new password.
fn code_kind(call: &Call<'_>, strategy: &str) -> Result<(ContactKind, bool), Error> {
    let is_on = call.settings()?.has_first_factor(strategy);
    let kind = ContactKind::of_strategy(strategy).filter(|_| is_on);
    Ok(kind.ok_or_else(|| ApiError::strategy_invalid(strategy))?)
}

/// Sends a code or a link.
pub(super) fn send(
    call: &Call<'_>,
    client: &Client,
    attempt: &mut SignIn,
    strategy: &str,
) -> Result<(), Error> {
    if strategy != email_links::STRATEGY {
        return send_code(call, attempt, strategy);
    }
    let user = user_of(call, attempt)?;
    let address = chosen(call, attempt, &user, ContactKind::EmailAddress)?;
    let purpose = email_links::Purpose::SignIn {
        client_id: client.id.clone(),
        id: attempt.id.clone(),
    };
    attempt.first_factor = Some(email_links::send(call, address, purpose)?);
    Ok(())
}

pub(super) fn send_code(call: &Call<'_>, attempt: &mut SignIn, strategy: &str) -> Result<(), Error> {
    let (kind, is_reset) = code_kind(call, strategy)?;
    let user = user_of(call, attempt)?;
    let subject = if is_reset {
        "Password reset code"
    } else {
        "Sign-in code"
    };
    mailbox::send_code(call, chosen(call, attempt, &user, kind)?, subject)?;
    attempt.first_factor = Some(Verification::sent(strategy, call.code_expiry()?));
    Ok(())
}

/// The contact that was chosen, else the one that identified the user, else the first.
fn chosen<'a>(
    call: &Call<'_>,
    attempt: &SignIn,
    user: &'a User,
    kind: ContactKind,
) -> Result<&'a str, ApiError> {
    let param = format!("{}_id", kind.name());
    let mut contacts = user.contacts_for_sign_in(kind);
    let contact = match call.body.filled(&param) {
        Some(id) => contacts
            .find(|contact| contact.id == id)
            .ok_or_else(|| ApiError::value_invalid(&param, format!("No such {}.", kind.label())))?,
        None => contacts
            .find(|contact| Some(&contact.value) == attempt.identifier.as_ref())
            .or_else(|| user.contacts_for_sign_in(kind).next())
            .ok_or_else(ApiError::strategy_for_user_invalid)?,
    };
    Ok(&contact.value)
}

pub(super) fn user_of(call: &Call<'_>, attempt: &SignIn) -> Result<User, Error> {
    let id = attempt
        .user_id
        .as_deref()
        .ok_or_else(|| ApiError::missing("identifier"))?;
    let user = call
        .store
        .get::<User>(id)?
        .ok_or_else(ApiError::identifier_not_found)?;
    call.check_admission(&user)?;
    Ok(user)
}
