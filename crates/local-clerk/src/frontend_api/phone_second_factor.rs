//! Phone numbers as second factors.

use serde_json::json;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{BackupCodes, ContactKind, SecondFactor},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

/// Makes a verified number a second factor, or the default one. The first second factor comes with backup codes.
pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    let kind = ContactKind::PhoneNumber;
    let id = request.path("id");
    let phone_number = user
        .contact_mut(kind, &id)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))?;
    let settings = cx.settings()?;
    match request.body.flag("reserved_for_second_factor") {
        Some(true) if !settings.offers(SecondFactor::PhoneCode) => {
            return Err(ApiError::unknown_param("reserved_for_second_factor").into());
        }
        Some(true) if !phone_number.is_verified() => {
            let message = "A second factor must be verified.";
            return Err(ApiError::value_invalid("reserved_for_second_factor", message).into());
        }
        Some(reserved) => phone_number.reserved_for_second_factor = reserved,
        None => {}
    }
    phone_number.updated_at = cx.now;
    if request.body.flag("default_second_factor") == Some(true) {
        user.set_default_second_factor(&id);
    }
    user.normalize_second_factors(cx.now);
    let codes = if user.has_second_factor()
        && user.backup_codes.is_none()
        && settings.offers(SecondFactor::BackupCode)
    {
        let (set, codes) = BackupCodes::new();
        user.backup_codes = Some(set);
        Some(codes)
    } else {
        None
    };
    user.updated_at = cx.now;
    cx.store.put(&user)?;
    let mut response = user
        .contact(kind, &id)
        .map_or(json!({}), |phone_number| view::contact(cx, kind, phone_number));
    response["backup_codes"] = json!(codes);
    answer::with_client(cx, &response, &client)
}
