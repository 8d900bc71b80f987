//! Signing in: the factors.

use crate::{
    domain::{Context, sign_in as rules, users},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::SignInStatus,
};

use super::sign_in_attempt::{attempt, check_second, current, send, send_second_code, store};

pub(super) fn prepare_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = current(cx, request)?;
    let strategy = request.body.required("strategy")?;
    send(cx, request, &client, &mut attempt, strategy)?;
    store(cx, &mut client, attempt)
}

pub(super) fn attempt_first(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, current) = current(cx, request)?;
    if current.status == SignInStatus::Complete {
        return Err(ApiError::verification_already_verified().into());
    }
    let strategy = request.body.required("strategy")?;
    attempt(cx, request, &mut client, current, strategy)
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
