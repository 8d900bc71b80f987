//! Users' passwords, second factors and pictures, as a backend handles them.

use serde_json::json;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        images::Image,
        model::User,
        reply::Reply,
    },
    users::{answer, keep, named},
};

pub(super) fn verify_password(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    let password = call.body.required("password")?;
    match &user.password {
        None => Err(no_password()),
        Some(hash) if hash.verify(password) => Ok(Reply::json(&json!({ "verified": true }))),
        Some(_) => Err(ApiError::form("incorrect_password", "password", "Incorrect password.").into()),
    }
}

pub(super) fn remove_password(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.password.take().ok_or_else(no_password)?;
    user.password_last_updated_at = Some(call.now);
    if call.body.flag("sign_out_of_other_sessions") == Some(true) {
        call.close_sessions_of(&user.id, None, "revoked")?;
    }
    keep(call, &mut user)
}

/// The user has to choose another password after the next sign-in.
pub(super) fn set_password_compromised(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    if user.password.is_none() {
        return Err(no_password());
    }
    user.password_compromised_at = Some(call.now);
    if call.body.flag("revoke_all_sessions") == Some(true) {
        call.close_sessions_of(&user.id, None, "revoked")?;
    }
    keep(call, &mut user)
}

pub(super) fn unset_password_compromised(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    user.password_compromised_at = None;
    keep(call, &mut user)
}

/// A code of the authenticator app, or a backup code, which is used up by this.
pub(super) fn verify_totp(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    let code = call.body.required("code")?;
    if user.totp.is_none() && user.backup_codes.is_none() {
        let why = "The user has neither an authenticator app nor backup codes.";
        return Err(ApiError::bad_request("totp_not_enabled", why).into());
    }
    let code_type = if user
        .totp
        .as_mut()
        .is_some_and(|totp| totp.verified && totp.take(code, call.now))
    {
        "totp"
    } else if user.backup_codes.as_mut().is_some_and(|codes| codes.take(code)) {
        "backup_code"
    } else {
        return Err(ApiError::code_incorrect().into());
    };
    call.store.put(&user)?;
    Ok(Reply::json(&json!({ "verified": true, "code_type": code_type })))
}

pub(super) fn delete_totp(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    if user.totp.is_none() {
        return Err(ApiError::not_found("TOTP of user", &user.id).into());
    }
    remove_factors(call, user, |user| user.totp = None)
}

pub(super) fn delete_backup_codes(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    if user.backup_codes.is_none() {
        return Err(ApiError::not_found("backup codes of user", &user.id).into());
    }
    remove_factors(call, user, |user| user.backup_codes = None)
}

pub(super) fn disable_mfa(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = named(call)?;
    remove_factors(call, user, User::remove_second_factors)
}

fn remove_factors(call: &Call<'_>, mut user: User, remove: fn(&mut User)) -> Result<Reply, Error> {
    let had_some = user.has_second_factor();
    remove(&mut user);
    if !user.has_second_factor() {
        // There is nothing left for backup codes to stand in for.
        user.backup_codes = None;
        if had_some {
            user.mfa_disabled_at = Some(call.now);
        }
    }
    keep(call, &mut user)?;
    Ok(Reply::json(&json!({ "user_id": user.id })))
}

pub(super) fn upload_image(call: &mut Call<'_>) -> Result<Reply, Error> {
    let upload = call.upload.take().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload);
    call.store.put(&image)?;
    replace_image(call, Some(image.id))
}

pub(super) fn delete_image(call: &mut Call<'_>) -> Result<Reply, Error> {
    replace_image(call, None)
}

fn replace_image(call: &Call<'_>, image_id: Option<String>) -> Result<Reply, Error> {
    let mut user = named(call)?;
    if let Some(previous) = std::mem::replace(&mut user.image_id, image_id) {
        call.store.delete::<Image>(&previous)?;
    }
    keep(call, &mut user)?;
    answer(call, &user)
}

fn no_password() -> Error {
    ApiError::bad_request("no_password_set", "The user has no password.").into()
}
