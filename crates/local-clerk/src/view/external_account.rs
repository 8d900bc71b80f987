//! Accounts at providers.

use serde_json::{Value, json};

use crate::{domain::Context, model::ExternalAccount, view};

pub(crate) fn external_account(cx: &Context<'_>, account: &ExternalAccount) -> Value {
    let identity = account.identity.as_ref();
    let text = |field: Option<&String>| field.cloned().unwrap_or_default();
    let (first_name, last_name) = (
        text(identity.and_then(|identity| identity.first_name.as_ref())),
        text(identity.and_then(|identity| identity.last_name.as_ref())),
    );
    let email_address = text(identity.and_then(|identity| identity.email_address.as_ref()));
    let avatar = view::avatar_path([Some(&first_name), Some(&last_name)], &email_address, &account.id);
    let avatar = format!("{}{avatar}", cx.url.frontend_api);
    json!({
        "object": "external_account",
        "id": account.id,
        "provider": account.provider(),
        "identification_id": account.identification_id,
        "provider_user_id": text(identity.map(|identity| &identity.provider_user_id)),
        "approved_scopes": account.approved_scopes,
        "email_address": email_address,
        "email_address_verified": identity.is_some_and(|identity| identity.email_address_verified),
        "first_name": first_name,
        "last_name": last_name,
        "avatar_url": avatar,
        "image_url": avatar,
        "username": null,
        "phone_number": null,
        "public_metadata": {},
        "label": null,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
        "verification": view::verification(&account.verification, cx.now),
    })
}
