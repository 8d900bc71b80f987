//! Phone numbers as second factors.

use serde_json::json;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        model::{BackupCodes, ContactKind},
        reply::Reply,
        settings::SecondFactor,
    },
    browser::Caller,
};

/// Makes a verified number a second factor, or the default one. The first second factor brings backup codes.
pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    let kind = ContactKind::PhoneNumber;
    let id = call.path("id");
    let phone_number = user
        .contact_mut(kind, &id)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))?;
    let settings = call.settings()?;
    match call.body.flag("reserved_for_second_factor") {
        Some(true) if !settings.offers(SecondFactor::PhoneCode) => {
            return Err(ApiError::unknown_param("reserved_for_second_factor").into());
        }
        Some(true) if !phone_number.is_verified() => {
            let why = "A second factor must be verified.";
            return Err(ApiError::value_invalid("reserved_for_second_factor", why).into());
        }
        Some(reserved) => phone_number.reserved_for_second_factor = reserved,
        None => {}
    }
    phone_number.updated_at = call.now;
    if call.body.flag("default_second_factor") == Some(true) {
        user.set_default_second_factor(&id);
    }
    user.settle_second_factors(call.now);
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
    user.updated_at = call.now;
    call.store.put(&user)?;
    let mut response = user
        .contact(kind, &id)
        .map_or(json!({}), |phone_number| call.contact_json(kind, phone_number));
    response["backup_codes"] = json!(codes);
    call.wrapped(&response, &client)
}
