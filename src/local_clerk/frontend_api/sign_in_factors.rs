//! Signing in: the proofs.

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        mailbox,
        model::{Client, SignIn, SignInStatus, User, Verification},
        reply::Reply,
    },
    sign_in::{advance, complete, keep, under_way},
    users,
};

const RESET: &str = "reset_password_email_code";

pub(super) fn prepare_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    match call.body.required("strategy")? {
        strategy @ ("email_code" | RESET) => {
            let strategy = strategy.to_owned();
            send_code(call, &mut attempt, &strategy)?;
        }
        other => return Err(ApiError::strategy_invalid(other).into()),
    }
    keep(call, &mut client, attempt)
}

pub(super) fn attempt_first(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status == SignInStatus::Complete {
        return Err(ApiError::verification_already_verified().into());
    }
    let strategy = match call.body.required("strategy")? {
        "password" => return attempt_password(call, &mut client, attempt),
        strategy @ ("email_code" | RESET) => strategy.to_owned(),
        other => return Err(ApiError::strategy_invalid(other).into()),
    };
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
    if strategy == RESET {
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
        return Err(ApiError::strategy_invalid("password").into());
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

/// Nothing is to be sent for an authenticator app or a backup code.
pub(super) fn prepare_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    under_way(call)?;
    Err(ApiError::strategy_invalid(call.body.required("strategy")?).into())
}

pub(super) fn attempt_second(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (mut client, mut attempt) = under_way(call)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = user_of(call, &attempt)?;
    let (strategy, code) = (call.body.required("strategy")?, call.body.required("code")?);
    let is_right = match strategy {
        "totp" => user.totp.as_mut().is_some_and(|totp| totp.take(code, call.now)),
        "backup_code" => user.backup_codes.as_mut().is_some_and(|codes| codes.take(code)),
        other => return Err(ApiError::strategy_invalid(other).into()),
    };
    if !is_right {
        call.count_failure(&mut user)?;
        return Ok(ApiError::code_incorrect().into());
    }
    attempt.second_factor = Some(Verification::verified(strategy, call.now));
    complete(call, &mut client, &mut attempt, &mut user)?;
    keep(call, &mut client, attempt)
}

/// Sends a code to the address that was chosen, else to the one that identified the user.
pub(super) fn send_code(call: &Call<'_>, attempt: &mut SignIn, strategy: &str) -> Result<(), Error> {
    let user = user_of(call, attempt)?;
    let chosen = call.body.filled("email_address_id");
    let address = user
        .email_addresses
        .iter()
        .filter(|address| address.is_verified())
        .find(|address| match chosen {
            Some(id) => address.id == id,
            None => Some(&address.value) == attempt.identifier.as_ref(),
        })
        .ok_or_else(|| ApiError::value_invalid("email_address_id", "No such e-mail address."))?;
    let subject = if strategy == RESET {
        "Password reset code"
    } else {
        "Sign-in code"
    };
    mailbox::send_code(call, &address.value, subject)?;
    attempt.first_factor = Some(Verification::sent(strategy, call.now));
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
