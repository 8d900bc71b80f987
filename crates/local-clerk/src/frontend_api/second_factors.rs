//! The signed-in user's second factors.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{BackupCodes, Client, Totp, User},
        reply::Reply,
        settings::SecondFactor,
        view,
    },
    browser::Caller,
};

/// A new key for an authenticator app; it counts once a code has proved that the app has it.
pub(super) fn create_totp(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    if !call.settings()?.offers(SecondFactor::Totp) {
        return Err(ApiError::feature_not_enabled().into());
    }
    if user.has_totp() {
        return Err(ApiError::bad_request("totp_already_enabled", "An authenticator app is set up.").into());
    }
    let totp = Totp::new(call.now);
    let mut response = json(&totp, None);
    let (secret, name) = (totp.secret(), user.identifier());
    let label: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    response["uri"] = json!(format!(
        "otpauth://totp/Local%20Clerk:{label}?issuer=Local%20Clerk&secret={secret}"
    ));
    response["secret"] = json!(secret);
    user.totp = Some(totp);
    keep(call, &client, &mut user, &response)
}

pub(super) fn verify_totp(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let code = call.body.required("code")?;
    let totp = user.totp.as_mut().ok_or_else(ApiError::verification_missing)?;
    if !totp.take(code, call.now) {
        return Err(ApiError::code_incorrect().into());
    }
    totp.verified = true;
    let brings_codes = user.backup_codes.is_none() && call.settings()?.offers(SecondFactor::BackupCode);
    let (set, codes) = BackupCodes::new();
    let response = json(totp, brings_codes.then_some(&codes[..]));
    if brings_codes {
        user.backup_codes = Some(set);
    }
    user.settle_second_factors(call.now);
    keep(call, &client, &mut user, &response)
}

pub(super) fn delete_totp(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let totp = user
        .totp
        .take()
        .ok_or_else(|| ApiError::not_found("TOTP", "of this user"))?;
    user.settle_second_factors(call.now);
    let response = view::deleted("totp", &totp.id);
    keep(call, &client, &mut user, &response)
}

/// A new set; the old one is worth nothing from now on.
pub(super) fn create_backup_codes(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    if !call.settings()?.offers(SecondFactor::BackupCode) {
        return Err(ApiError::feature_not_enabled().into());
    }
    if !user.has_second_factor() {
        let why = "Backup codes need another second factor to be set up first.";
        return Err(ApiError::bad_request("backup_codes_not_available", why).into());
    }
    let (set, codes) = BackupCodes::new();
    user.backup_codes = Some(set);
    let response = json!({
        "object": "backup_code",
        "id": user.id.replacen("user_", "backup_code_", 1),
        "codes": codes,
        "created_at": call.now,
        "updated_at": call.now,
    });
    keep(call, &client, &mut user, &response)
}

fn json(totp: &Totp, backup_codes: Option<&[String]>) -> Value {
    json!({
        "object": "totp",
        "id": totp.id,
        "secret": null,
        "uri": null,
        "verified": totp.verified,
        "backup_codes": backup_codes,
        "created_at": totp.created_at,
        "updated_at": totp.created_at,
    })
}

fn keep(call: &Call<'_>, client: &Client, user: &mut User, response: &Value) -> Result<Reply, Error> {
    user.updated_at = call.now;
    call.store.put(user)?;
    call.wrapped(response, client)
}
