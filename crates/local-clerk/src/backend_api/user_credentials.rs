//! The passwords, second factors and images of users, as a backend manages them.

use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Image, PASSKEY, User},
    view,
};

use super::users::{answer, find, store};

pub(super) fn verify_password(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = find(cx, request)?;
    let password = request.body.required("password")?;
    match &user.password {
        None => Err(no_password()),
        Some(hash) if hash.verify(password) => Ok(Reply::json(&json!({ "verified": true }))),
        Some(_) => Err(ApiError::form("incorrect_password", "password", "Incorrect password.").into()),
    }
}

pub(super) fn remove_password(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.password.take().ok_or_else(no_password)?;
    user.password_last_updated_at = Some(cx.now);
    if request.body.flag("sign_out_of_other_sessions") == Some(true) {
        cx.revoke_sessions_of(&user.id, None)?;
    }
    store(cx, &mut user)
}

/// Marks the password as compromised: the user has to change it after the next sign-in.
pub(super) fn set_password_compromised(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    if user.password.is_none() {
        return Err(no_password());
    }
    user.password_compromised_at = Some(cx.now);
    if request.body.flag("revoke_all_sessions") == Some(true) {
        cx.revoke_sessions_of(&user.id, None)?;
    }
    store(cx, &mut user)
}

pub(super) fn unset_password_compromised(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    user.password_compromised_at = None;
    store(cx, &mut user)
}

/// Verifies a code of the authenticator app or a backup code, and uses it up.
pub(super) fn verify_totp(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    let code = request.body.required("code")?;
    if user.totp.is_none() && user.backup_codes.is_none() {
        let message = "The user has neither an authenticator app nor backup codes.";
        return Err(ApiError::bad_request("totp_not_enabled", message).into());
    }
    let code_type = if user
        .totp
        .as_mut()
        .is_some_and(|totp| totp.verified && totp.take(code, cx.real_now))
    {
        "totp"
    } else if user.backup_codes.as_mut().is_some_and(|codes| codes.take(code)) {
        "backup_code"
    } else {
        return Err(ApiError::code_incorrect().into());
    };
    cx.store.put(&user)?;
    Ok(Reply::json(&json!({ "verified": true, "code_type": code_type })))
}

/// Fails for every wallet: no user has any.
pub(super) fn delete_web3_wallet(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    find(cx, request)?;
    Err(ApiError::not_found("web3 wallet", &request.path("wallet_id")).into())
}

pub(super) fn delete_totp(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = find(cx, request)?;
    if user.totp.is_none() {
        return Err(ApiError::not_found("TOTP of user", &user.id).into());
    }
    remove_factors(cx, user, |user| user.totp = None)
}

pub(super) fn delete_backup_codes(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = find(cx, request)?;
    if user.backup_codes.is_none() {
        return Err(ApiError::not_found("backup codes of user", &user.id).into());
    }
    remove_factors(cx, user, |user| user.backup_codes = None)
}

pub(super) fn disable_mfa(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = find(cx, request)?;
    remove_factors(cx, user, User::remove_second_factors)
}

pub(super) fn delete_passkey(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    let id = request.path("passkey_id");
    cx.remove_passkey(&mut user, &id)?;
    store(cx, &mut user)?;
    Ok(Reply::json(&view::deleted(PASSKEY, &id)))
}

fn remove_factors(cx: &Context<'_>, mut user: User, remove: fn(&mut User)) -> Result<Reply, Error> {
    let had_some = user.has_second_factor();
    remove(&mut user);
    if !user.has_second_factor() {
        // Backup codes are useless without another second factor.
        user.backup_codes = None;
        if had_some {
            user.mfa_disabled_at = Some(cx.now);
        }
    }
    store(cx, &mut user)?;
    Ok(Reply::json(&json!({ "user_id": user.id })))
}

pub(super) fn upload_image(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let upload = request.upload.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload, cx.now);
    cx.store.put(&image)?;
    replace_image(cx, request, Some(image.id))
}

pub(super) fn delete_image(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    replace_image(cx, request, None)
}

fn replace_image(cx: &Context<'_>, request: &Request, image_id: Option<String>) -> Result<Reply, Error> {
    let mut user = find(cx, request)?;
    if let Some(previous) = std::mem::replace(&mut user.image_id, image_id) {
        cx.store.delete::<Image>(&previous)?;
    }
    store(cx, &mut user)?;
    answer(cx, &user)
}

fn no_password() -> Error {
    ApiError::bad_request("no_password_set", "The user has no password.").into()
}
