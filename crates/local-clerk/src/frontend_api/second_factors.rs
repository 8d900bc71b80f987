//! The signed-in user's second factors.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{BackupCodes, Client, SecondFactor, Totp, User},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

/// Creates the key for an authenticator app; it becomes a factor once a code of the app is verified.
pub(super) fn create_totp(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    if !cx.settings()?.offers(SecondFactor::Totp) {
        return Err(ApiError::feature_not_enabled().into());
    }
    if user.has_totp() {
        return Err(ApiError::bad_request("totp_already_enabled", "An authenticator app is set up.").into());
    }
    let totp = Totp::new(cx.now);
    let mut response = json(&totp, None);
    let (secret, name) = (totp.secret(), user.identifier());
    let label: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    response["uri"] = json!(format!(
        "otpauth://totp/Local%20Clerk:{label}?issuer=Local%20Clerk&secret={secret}"
    ));
    response["secret"] = json!(secret);
    user.totp = Some(totp);
    store(cx, &client, &mut user, &response)
}

pub(super) fn verify_totp(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let code = request.body.required("code")?;
    let totp = user.totp.as_mut().ok_or_else(ApiError::verification_missing)?;
    if !totp.take(code, cx.real_now) {
        return Err(ApiError::code_incorrect().into());
    }
    totp.verified = true;
    let creates_codes = user.backup_codes.is_none() && cx.settings()?.offers(SecondFactor::BackupCode);
    let (set, codes) = BackupCodes::new();
    let response = json(totp, creates_codes.then_some(&codes[..]));
    if creates_codes {
        user.backup_codes = Some(set);
    }
    user.normalize_second_factors(cx.now);
    store(cx, &client, &mut user, &response)
}

pub(super) fn delete_totp(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let totp = user
        .totp
        .take()
        .ok_or_else(|| ApiError::not_found("TOTP", "of this user"))?;
    user.normalize_second_factors(cx.now);
    let response = view::deleted("totp", &totp.id);
    store(cx, &client, &mut user, &response)
}

/// Creates a new set of backup codes, which invalidates the old one.
pub(super) fn create_backup_codes(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    if !cx.settings()?.offers(SecondFactor::BackupCode) {
        return Err(ApiError::feature_not_enabled().into());
    }
    if !user.has_second_factor() {
        let message = "Backup codes need another second factor to be set up first.";
        return Err(ApiError::bad_request("backup_codes_not_available", message).into());
    }
    let (set, codes) = BackupCodes::new();
    user.backup_codes = Some(set);
    let response = json!({
        "object": "backup_code",
        "id": user.id.replacen("user_", "backup_code_", 1),
        "codes": codes,
        "created_at": cx.now,
        "updated_at": cx.now,
    });
    store(cx, &client, &mut user, &response)
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

fn store(cx: &Context<'_>, client: &Client, user: &mut User, response: &Value) -> Result<Reply, Error> {
    user.updated_at = cx.now;
    cx.store.put(user)?;
    answer::with_client(cx, response, client)
}
