//! Users, their contacts and their images.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Contact, ContactKind, User},
    view,
};

/// Renders a user for the browser.
pub(crate) fn user(cx: &Context<'_>, user: &User) -> Result<Value, Error> {
    let image_url = image_url(cx, user);
    let lockout = user
        .locked_until
        .filter(|until| *until > cx.now)
        .map(|until| (until - cx.now) / 1000);
    let mut json = json!({
        "id": user.id,
        "object": "user",
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "locale": user.locale,
        "image_url": image_url,
        "profile_image_url": image_url,
        "has_image": user.image_id.is_some(),
        "primary_email_address_id": user.primary_email_address_id,
        "primary_phone_number_id": user.primary_phone_number_id,
        "primary_web3_wallet_id": null,
        "password_enabled": user.password.is_some(),
        "two_factor_enabled": user.has_second_factor(),
        "totp_enabled": user.has_totp(),
        "backup_code_enabled": user.backup_codes.is_some(),
        "email_addresses": view::contacts(cx, user, ContactKind::EmailAddress),
        "phone_numbers": view::contacts(cx, user, ContactKind::PhoneNumber),
        "web3_wallets": [],
        "passkeys": user.verified_passkeys().map(|passkey| view::passkey(cx, passkey)).collect::<Vec<_>>(),
        "organization_memberships": view::memberships(cx, &user.id)?,
        "external_accounts": user.external_accounts.iter().map(|account| view::external_account(cx, account)).collect::<Vec<_>>(),
        "saml_accounts": [],
        "enterprise_accounts": [],
        "password_last_updated_at": user.password_last_updated_at,
        "public_metadata": user.public_metadata,
        "unsafe_metadata": user.unsafe_metadata,
        "external_id": user.external_id,
        "last_sign_in_at": user.last_sign_in_at,
        "banned": user.banned,
        "locked": user.is_locked(cx.now),
        "lockout_expires_in_seconds": lockout,
        "verification_attempts_remaining": cx.attempts_remaining(user)?,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "delete_self_enabled": !user.delete_self_disabled,
        "create_organization_enabled": !user.create_organization_disabled,
        "last_active_at": user.last_active_at,
        "mfa_enabled_at": user.mfa_enabled_at,
        "mfa_disabled_at": user.mfa_disabled_at,
        "legal_accepted_at": user.legal_accepted_at,
    });
    if let Some(limit) = user.create_organizations_limit {
        json["create_organizations_limit"] = json!(limit);
    }
    Ok(json)
}

/// Renders a user for a backend, including private metadata.
pub(crate) fn backend_user(cx: &Context<'_>, user: &User) -> Result<Value, Error> {
    let mut json = view::user(cx, user)?;
    json["passkeys"] = user
        .verified_passkeys()
        .map(|passkey| view::backend_passkey(cx, passkey))
        .collect();
    json["private_metadata"] = json!(user.private_metadata);
    json["bypass_client_trust"] = json!(user.bypass_client_trust);
    Ok(json)
}

pub(crate) fn contacts(cx: &Context<'_>, user: &User, kind: ContactKind) -> Value {
    user.contacts(kind)
        .iter()
        .map(|contact| {
            let mut json = view::contact(cx, kind, contact);
            json["linked_to"] = linked_to(user, &contact.value);
            json
        })
        .collect()
}

pub(crate) fn contact(cx: &Context<'_>, kind: ContactKind, contact: &Contact) -> Value {
    let mut json = json!({
        "id": contact.id,
        "object": kind.name(),
        kind.name(): contact.value,
        "reserved": false,
        "verification": contact.verification.as_ref().map(|verification| view::verification(verification, cx.now)),
        "linked_to": [],
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    });
    match kind {
        ContactKind::EmailAddress => json["matches_sso_connection"] = json!(false),
        ContactKind::PhoneNumber => {
            json["reserved_for_second_factor"] = json!(contact.reserved_for_second_factor);
            json["default_second_factor"] = json!(contact.default_second_factor);
            json["backup_codes"] = Value::Null;
        }
    }
    json
}

pub(crate) fn public_user_data(cx: &Context<'_>, user: &User) -> Value {
    let image_url = image_url(cx, user);
    json!({
        "first_name": user.first_name,
        "last_name": user.last_name,
        "image_url": image_url,
        "profile_image_url": image_url,
        "has_image": user.image_id.is_some(),
        "identifier": user.identifier(),
        "user_id": user.id,
    })
}

pub(crate) fn image_url(cx: &Context<'_>, user: &User) -> String {
    let path = user.image_id.as_ref().map_or_else(
        || {
            let names = [user.first_name.as_deref(), user.last_name.as_deref()];
            view::avatar_path(names, user.identifier(), &user.id)
        },
        |image_id| view::image_path(image_id),
    );
    format!("{}{path}", cx.url.frontend_api)
}

/// Returns the accounts at providers with the same verified e-mail address.
fn linked_to(user: &User, email_address: &str) -> Value {
    user.external_accounts
        .iter()
        .filter(|account| {
            let identity = account.identity.as_ref();
            identity.is_some_and(|identity| identity.verified_email_address() == Some(email_address))
        })
        .map(|account| json!({ "id": account.identification_id, "type": account.strategy() }))
        .collect()
}
