//! Attempts to sign up and to sign in.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::Error,
    model::{SignIn, SignUp, User},
};

impl Call<'_> {
    pub(in super::super) fn sign_up_json(&self, attempt: &SignUp) -> Value {
        let status = if attempt.is_complete() {
            "complete"
        } else {
            "missing_requirements"
        };
        let account = attempt.external_account.as_ref();
        json!({
            "object": "sign_up_attempt",
            "id": attempt.id,
            "status": status,
            "required_fields": ["email_address", "password"],
            "optional_fields": ["first_name", "last_name"],
            "missing_fields": attempt.missing_fields(),
            "unverified_fields": attempt.unverified_fields(),
            "verifications": {
                "email_address": self.sign_up_verification_json(attempt),
                "phone_number": null,
                "web3_wallet": null,
                "external_account": account.map(|account| account.verification.json(self.now)),
            },
            "username": null,
            "email_address": attempt.email_address,
            "phone_number": null,
            "web3_wallet": null,
            "password_enabled": attempt.password.is_some(),
            "has_password": attempt.password.is_some(),
            "first_name": attempt.first_name,
            "last_name": attempt.last_name,
            "unsafe_metadata": attempt.unsafe_metadata,
            "public_metadata": {},
            "custom_action": false,
            "external_id": null,
            "created_session_id": attempt.created_session_id,
            "created_user_id": attempt.created_user_id,
            "abandon_at": attempt.abandon_at,
            "legal_accepted_at": null,
            "locale": attempt.locale,
            "external_account": account.map(|account| self.external_account_json(account)),
            "external_account_strategy": account.map(|account| account.strategy()),
        })
    }

    /// Before it is prepared it has no status: with one, clerk-js takes a code to be on its way and
    /// never asks for it.
    fn sign_up_verification_json(&self, attempt: &SignUp) -> Value {
        if attempt.email_address.is_none() {
            return Value::Null;
        }
        let mut json = attempt
            .verification
            .as_ref()
            .map_or_else(|| json!({}), |sent| sent.json(self.now));
        json["next_action"] = match &attempt.verification {
            None => json!("needs_prepare"),
            Some(sent) if sent.verified => json!(""),
            Some(_) => json!("needs_attempt"),
        };
        json["supported_strategies"] = json!(["email_code"]);
        json
    }

    pub(in super::super) fn sign_in_json(&self, attempt: &SignIn) -> Result<Value, Error> {
        let user = attempt
            .user_id
            .as_deref()
            .map(|id| self.store.get::<User>(id))
            .transpose()?
            .flatten();
        let user_data = user.as_ref().map(|user| {
            json!({
                "first_name": user.first_name,
                "last_name": user.last_name,
                "image_url": self.image_url(user),
                "has_image": user.image_id.is_some(),
            })
        });
        Ok(json!({
            "object": "sign_in_attempt",
            "id": attempt.id,
            "status": attempt.status,
            "supported_identifiers": ["email_address"],
            "supported_first_factors": user.as_ref().map(first_factors),
            "supported_second_factors": user.as_ref().filter(|user| user.has_second_factor()).map(second_factors),
            "first_factor_verification": attempt.first_factor.as_ref().map(|factor| factor.json(self.now)),
            "second_factor_verification": attempt.second_factor.as_ref().map(|factor| factor.json(self.now)),
            "identifier": attempt.identifier,
            "user_data": user_data,
            "created_session_id": attempt.created_session_id,
            "abandon_at": attempt.abandon_at,
            "client_trust_state": null,
        }))
    }
}

fn first_factors(user: &User) -> Vec<Value> {
    let mut factors = Vec::new();
    if user.password.is_some() {
        factors.push(json!({ "strategy": "password" }));
    }
    for strategy in ["email_code", "reset_password_email_code"] {
        for address in user
            .email_addresses
            .iter()
            .filter(|address| address.is_verified())
        {
            factors.push(json!({
                "strategy": strategy,
                "safe_identifier": address.value,
                "email_address_id": address.id,
                "primary": user.primary_email_address_id.as_ref() == Some(&address.id),
            }));
        }
    }
    factors
}

fn second_factors(user: &User) -> Vec<Value> {
    let mut factors = vec![json!({ "strategy": "totp" })];
    if user.backup_codes.is_some() {
        factors.push(json!({ "strategy": "backup_code" }));
    }
    factors
}
