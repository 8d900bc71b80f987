//! Signing in: the factors.

use crate::{
    domain::{Context, factors, sign_in as rules, users},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, ContactKind, SignIn, SignInStatus, User},
};

use super::sign_in::{current, send, store};

pub(super) fn prepare_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    let strategy = request.body.required("strategy")?;
    send(cx, request, &client, &mut attempt, strategy)?;
    store(cx, &mut client, attempt)
}

pub(super) fn attempt_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, attempt) = current(cx, request)?;
    if attempt.status == SignInStatus::Complete {
        return Err(ApiError::verification_already_verified().into());
    }
    let strategy = request.body.required("strategy")?;
    self::attempt(cx, request, &mut client, attempt, strategy)
}

/// Attempts the first factor with what the body contains.
pub(super) fn attempt(
    cx: &Context<'_>,
    request: &Request,
    client: &mut Client,
    mut attempt: SignIn,
    strategy: &str,
) -> Result<Reply, Error> {
    let mut user = rules::user_of(cx, &attempt)?;
    if let Err(error) = check_first(cx, request, &mut attempt, &mut user, strategy)? {
        store(cx, client, attempt)?;
        return Ok(error.into());
    }
    if ContactKind::of_strategy(strategy).is_some_and(|(_, is_reset)| is_reset) {
        attempt.status = SignInStatus::NeedsNewPassword;
    } else {
        rules::advance(cx, client, &mut attempt, &mut user)?;
    }
    store(cx, client, attempt)
}

/// Checks the password or the code in the body as the first factor.
pub(super) fn check_first(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
    user: &mut User,
    strategy: &str,
) -> Result<Result<(), ApiError>, Error> {
    if strategy == "password" {
        return factors::attempt_password(cx, attempt, user, request.body.required("password")?);
    }
    factors::code_kind(cx, strategy)?;
    factors::attempt_code(cx, attempt, user, strategy, request.body.required("code")?)
}

/// Sets a new password after a reset code was verified.
pub(super) fn reset_password(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    if attempt.status != SignInStatus::NeedsNewPassword {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = rules::user_of(cx, &attempt)?;
    users::reset_password(&mut user, request.body.required("password")?, "password", cx.now)?;
    if request.body.flag("sign_out_of_other_sessions") == Some(true) {
        cx.revoke_sessions_of(&user.id, None)?;
    }
    rules::advance(cx, &mut client, &mut attempt, &mut user)?;
    store(cx, &mut client, attempt)
}

pub(super) fn prepare_second(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    send_second_code(cx, request, &mut attempt)?;
    store(cx, &mut client, attempt)
}

/// Sends a code to the phone number that the body chooses.
pub(super) fn send_second_code(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
) -> Result<(), Error> {
    let body = &request.body;
    factors::send_second_code(
        cx,
        attempt,
        body.required("strategy")?,
        body.filled("phone_number_id"),
    )
}

pub(super) fn attempt_second(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    if attempt.status != SignInStatus::NeedsSecondFactor {
        return Err(ApiError::verification_missing().into());
    }
    let mut user = rules::user_of(cx, &attempt)?;
    if let Err(error) = check_second(cx, request, &mut attempt, &mut user)? {
        store(cx, &mut client, attempt)?;
        return Ok(error.into());
    }
    rules::complete(cx, &mut client, &mut attempt, &mut user)?;
    store(cx, &mut client, attempt)
}

/// Checks the code in the body as the second factor. After success the caller stores the user.
pub(super) fn check_second(
    cx: &Context<'_>,
    request: &Request,
    attempt: &mut SignIn,
    user: &mut User,
) -> Result<Result<(), ApiError>, Error> {
    let body = &request.body;
    let (strategy, code) = (body.required("strategy")?, body.required("code")?);
    factors::attempt_second(cx, attempt, user, strategy, code)
}
