//! Users, their e-mail addresses and pictures.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    images,
    model::{Contact, ContactKind, User},
};

impl Call<'_> {
    /// A user as the browser sees it.
    pub(in super::super) fn user_json(&self, user: &User) -> Result<Value, Error> {
        let image_url = self.image_url(user);
        let lockout = user
            .locked_until
            .filter(|until| *until > self.now)
            .map(|until| (until - self.now) / 1000);
        Ok(json!({
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
            "email_addresses": self.contacts_json(user, ContactKind::EmailAddress),
            "phone_numbers": self.contacts_json(user, ContactKind::PhoneNumber),
            "web3_wallets": [],
            "passkeys": [],
            "organization_memberships": self.memberships_json(&user.id)?,
            "external_accounts": user.external_accounts.iter().map(|account| self.external_account_json(account)).collect::<Vec<_>>(),
            "saml_accounts": [],
            "enterprise_accounts": [],
            "password_last_updated_at": user.password_last_updated_at,
            "public_metadata": user.public_metadata,
            "unsafe_metadata": user.unsafe_metadata,
            "external_id": user.external_id,
            "last_sign_in_at": user.last_sign_in_at,
            "banned": user.banned,
            "locked": user.is_locked(self.now),
            "lockout_expires_in_seconds": lockout,
            "verification_attempts_remaining": self.attempts_remaining(user)?,
            "created_at": user.created_at,
            "updated_at": user.updated_at,
            "delete_self_enabled": true,
            "create_organization_enabled": true,
            "last_active_at": user.last_active_at,
            "mfa_enabled_at": user.mfa_enabled_at,
            "mfa_disabled_at": user.mfa_disabled_at,
            "legal_accepted_at": null,
        }))
    }

    /// A user as a backend sees it: with what the browser may not know.
    pub(in super::super) fn backend_user_json(&self, user: &User) -> Result<Value, Error> {
        let mut json = self.user_json(user)?;
        json["private_metadata"] = json!(user.private_metadata);
        Ok(json)
    }

    pub(in super::super) fn contacts_json(&self, user: &User, kind: ContactKind) -> Value {
        user.contacts(kind)
            .iter()
            .map(|contact| {
                let mut json = self.contact_json(kind, contact);
                json["linked_to"] = linked_to(user, &contact.value);
                json
            })
            .collect()
    }

    pub(in super::super) fn contact_json(&self, kind: ContactKind, contact: &Contact) -> Value {
        let mut json = json!({
            "id": contact.id,
            "object": kind.name(),
            kind.name(): contact.value,
            "reserved": false,
            "verification": contact.verification.as_ref().map(|verification| verification.json(self.now)),
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

    pub(in super::super) fn public_user_data_json(&self, user: &User) -> Value {
        let image_url = self.image_url(user);
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

    pub(in super::super) fn image_url(&self, user: &User) -> String {
        let path = user.image_id.as_ref().map_or_else(
            || {
                let names = [user.first_name.as_deref(), user.last_name.as_deref()];
                images::avatar_path(names, user.identifier(), &user.id)
            },
            |image_id| images::path(image_id),
        );
        format!("{}{path}", self.url.frontend_api)
    }
}

/// The accounts at providers that an e-mail address is known by too.
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
