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
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status == SignInStatus::Complete {
        return Err(ApiError::verification_already_verified().into());
    }
    let strategy = call.body.required("strategy")?.to_owned();
    if strategy == "password" {
        return attempt_password(call, &mut client, attempt);
    }
    let (_, is_reset) = code_kind(call, &strategy)?;
    let code = call.body.required("code")?.to_owned();
    let mut user = user_of(call, &attempt)?;
    let sent = attempt
        .first_factor
        .as_mut()
        .filter(|factor| factor.strategy == strategy);
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(&code, call.now)
    {
        call.count_failure(&mut user)?;
        keep(call, &mut client, attempt)?;
        return Ok(error.into());
    }
    if is_reset {
        attempt.status = SignInStatus::NeedsNewPassword;
    } else {
        advance(call, &mut client, &mut attempt, &mut user)?;
    }
    keep(call, &mut client, attempt)
}

/// Checks the password that was sent.
pub(super) fn attempt_password(
    call: &Call<'_>,
    client: &mut Client,
    mut attempt: SignIn,
) -> Result<Reply, Error> {
    let mut user = user_of(call, &attempt)?;
    let password = call.body.required("password")?;
    let Some(hash) = &user.password else {
        return Err(ApiError::strategy_for_user_invalid().into());
    };
    if !hash.verify(password) {
        call.count_failure(&mut user)?;
        keep(call, client, attempt)?;
        return Ok(ApiError::password_incorrect("password").into());
    }
    attempt.first_factor = Some(Verification::verified("password", call.now));
    advance(call, client, &mut attempt, &mut user)?;
    keep(call, client, attempt)
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

/// Only phone codes are sent: nothing is for an authenticator app or a backup code.
pub(super) fn prepare_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    match call.body.required("strategy")? {
        "phone_code" => {}
        other => return Err(ApiError::strategy_invalid(other).into()),
    }
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    let user = user_of(call, &attempt)?;
    let chosen = call.body.filled("phone_number_id");
    let phone_number = user
        .second_factor_phone_numbers()
        .find(|number| chosen.map_or(number.default_second_factor, |id| number.id == id))
        .ok_or_else(ApiError::strategy_for_user_invalid)?;
    mailbox::send_code(call, &phone_number.value, "Sign-in code")?;
    attempt.second_factor = Some(Verification::sent("phone_code", call.code_expiry()?));
    keep(call, &mut client, attempt)
}

pub(super) fn attempt_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = user_of(call, &attempt)?;
    let (strategy, code) = (call.body.required("strategy")?, call.body.required("code")?);
    let incorrect = |is_right| {
        if is_right {
            Ok(())
        } else {
            Err(ApiError::code_incorrect())
        }
    };
    let outcome = match strategy {
        "totp" => incorrect(user.totp.as_mut().is_some_and(|totp| totp.take(code, call.now))),
        "backup_code" => incorrect(user.backup_codes.as_mut().is_some_and(|codes| codes.take(code))),
        "phone_code" => attempt
            .second_factor
            .as_mut()
            .ok_or_else(ApiError::verification_missing)?
            .attempt(code, call.now),
        other => return Err(ApiError::strategy_invalid(other).into()),
    };
    if let Err(error) = outcome {
        call.count_failure(&mut user)?;
        keep(call, &mut client, attempt)?;
        return Ok(error.into());
    }
    attempt.second_factor = Some(Verification::verified(strategy, call.now));
    complete(call, &mut client, &mut attempt, &mut user)?;
    keep(call, &mut client, attempt)
}

/// What a first factor's strategy sends its code to, and whether the code is to set a new password.
fn code_kind(call: &Call<'_>, strategy: &str) -> Result<(ContactKind, bool), Error> {
    let is_on = call.settings()?.has_first_factor(strategy);
    let kind = ContactKind::of_strategy(strategy).filter(|_| is_on);
    Ok(kind.ok_or_else(|| ApiError::strategy_invalid(strategy))?)
}

/// Sends a code or a link to the contact that was chosen, else to the one that identified the user, else to
/// the first.
pub(super) fn send(
    call: &Call<'_>,
    client: &Client,
    attempt: &mut SignIn,
    strategy: &str,
) -> Result<(), Error> {
    let is_link = strategy == email_links::STRATEGY;
    let (kind, is_reset) = if is_link {
        (ContactKind::EmailAddress, false)
    } else {
        code_kind(call, strategy)?
    };
    let user = user_of(call, attempt)?;
    let param = format!("{}_id", kind.name());
    let contacts: Vec<_> = user.contacts_for_sign_in(kind).collect();
    let contact = match call.body.filled(&param) {
        Some(id) => contacts
            .iter()
            .find(|contact| contact.id == id)
            .ok_or_else(|| ApiError::value_invalid(&param, format!("No such {}.", kind.label())))?,
        None => contacts
            .iter()
            .find(|contact| Some(&contact.value) == attempt.identifier.as_ref())
            .or(contacts.first())
            .ok_or_else(ApiError::strategy_for_user_invalid)?,
    };
    attempt.first_factor = Some(if is_link {
        let purpose = email_links::Purpose::SignIn {
            client_id: client.id.clone(),
            id: attempt.id.clone(),
        };
        email_links::send(call, &contact.value, purpose)?
    } else {
        let subject = if is_reset {
            "Password reset code"
        } else {
            "Sign-in code"
        };
        mailbox::send_code(call, &contact.value, subject)?;
        Verification::sent(strategy, call.code_expiry()?)
    });
    Ok(())
}

fn user_of(call: &Call<'_>, attempt: &SignIn) -> Result<User, Error> {
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
