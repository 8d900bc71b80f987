//! Attempts to sign up and to sign in.

use serde_json::{Value, json};

use crate::{
    domain::{Context, new_contacts::kind_of},
    error::Error,
    model::{Contact, ContactKind, PASSKEY, Settings, SignIn, SignUp, User, VerificationStatus},
    view,
};

pub(crate) fn sign_up(cx: &Context<'_>, attempt: &SignUp) -> Result<Value, Error> {
    let settings = cx.settings()?;
    let (required, optional) = settings.sign_up_fields();
    let account = attempt.external_account.as_ref();
    Ok(json!({
        "object": "sign_up_attempt",
        "id": attempt.id,
        "status": attempt.status(),
        "required_fields": required,
        "optional_fields": optional,
        "missing_fields": attempt.missing_fields(&settings),
        "unverified_fields": attempt.unverified_fields(),
        "verifications": {
            "email_address": sign_up_verification(cx, attempt, ContactKind::EmailAddress, &settings),
            "phone_number": sign_up_verification(cx, attempt, ContactKind::PhoneNumber, &settings),
            "web3_wallet": null,
            "external_account": account.map(|account| view::verification(&account.verification, cx.now)),
        },
        "username": attempt.username,
        "email_address": attempt.email_address,
        "phone_number": attempt.phone_number,
        "web3_wallet": null,
        "password_enabled": attempt.password.is_some(),
        "has_password": attempt.password.is_some(),
        "first_name": attempt.first_name,
        "last_name": attempt.last_name,
        "unsafe_metadata": attempt.unsafe_metadata,
        "public_metadata": attempt.public_metadata,
        "custom_action": attempt.custom_action,
        "external_id": attempt.external_id,
        "created_session_id": attempt.created_session_id,
        "created_user_id": attempt.created_user_id,
        "abandon_at": attempt.abandon_at,
        "legal_accepted_at": attempt.legal_accepted_at,
        "locale": attempt.locale,
        "external_account": account.map(|account| view::external_account(cx, account)),
        "external_account_strategy": account.map(|account| account.strategy()),
    }))
}

/// Renders a verification without a status before it is prepared: otherwise clerk-js would assume that a code
/// was sent, and never request one.
fn sign_up_verification(cx: &Context<'_>, attempt: &SignUp, kind: ContactKind, settings: &Settings) -> Value {
    if attempt.contact(kind).is_none() {
        return Value::Null;
    }
    let verification = attempt.verification(kind);
    let mut json = verification.map_or_else(|| json!({}), |sent| view::verification(sent, cx.now));
    json["next_action"] = match verification {
        None => json!("needs_prepare"),
        Some(sent) if sent.verified => json!(""),
        Some(_) => json!("needs_attempt"),
    };
    json["supported_strategies"] = match kind {
        ContactKind::EmailAddress => json!(settings.email_strategies()),
        ContactKind::PhoneNumber => json!([kind.code_strategy()]),
    };
    json
}

pub(crate) fn sign_in(cx: &Context<'_>, attempt: &SignIn) -> Result<Value, Error> {
    let user = attempt
        .user_id
        .as_deref()
        .map(|id| cx.store.get::<User>(id))
        .transpose()?
        .flatten();
    let settings = cx.settings()?;
    let identifiers: Vec<&str> = settings.identifiers().into_iter().map(|(name, _)| name).collect();
    let user_data = user.as_ref().map(|user| {
        json!({
            "first_name": user.first_name,
            "last_name": user.last_name,
            "image_url": view::image_url(cx, user),
            "has_image": user.image_id.is_some(),
        })
    });
    let new_contact = attempt.new_contact.as_ref();
    let new_factors = new_contact.map(|contact| {
        let kind = kind_of(&contact.value);
        vec![factor(kind.code_strategy(), kind, contact)]
    });
    let first_factor = || {
        let factor = attempt.first_factor.as_ref();
        factor.map(|factor| view::verification(factor, cx.now))
    };
    Ok(json!({
        "object": "sign_in_attempt",
        "id": attempt.id,
        "status": attempt.status,
        "supported_identifiers": identifiers,
        "supported_first_factors": user.as_ref().map(|user| first_factors(user, &settings)).or(new_factors),
        "supported_second_factors": user.as_ref().filter(|user| user.has_second_factor()).map(second_factors),
        "first_factor_verification": new_contact.and_then(|contact| new_verification(cx, contact)).or_else(first_factor),
        "second_factor_verification": attempt.second_factor.as_ref().map(|factor| view::verification(factor, cx.now)),
        "identifier": attempt.identifier,
        "user_data": user_data,
        "created_session_id": attempt.created_session_id,
        "abandon_at": attempt.abandon_at,
        "client_trust_state": null,
    }))
}

/// Renders the verification of a contact that a sign-up can take over.
fn new_verification(cx: &Context<'_>, contact: &Contact) -> Option<Value> {
    let verification = contact.verification.as_ref()?;
    let mut json = view::verification(verification, cx.now);
    if verification.verified {
        json["status"] = json!(VerificationStatus::Transferable);
    }
    Some(json)
}

pub(crate) fn first_factors(user: &User, settings: &Settings) -> Vec<Value> {
    let mut factors = Vec::new();
    for strategy in settings.first_factors() {
        if strategy == "password" && user.password.is_some()
            || strategy == PASSKEY && user.verified_passkeys().next().is_some()
        {
            factors.push(json!({ "strategy": strategy }));
        }
        let Some(kind) = ContactKind::reached_by(&strategy) else {
            continue;
        };
        for contact in user.contacts_for_sign_in(kind) {
            let mut factor = factor(&strategy, kind, contact);
            factor["primary"] = json!(user.is_primary(kind, contact));
            factors.push(factor);
        }
    }
    let accounts = user
        .external_accounts
        .iter()
        .filter(|account| account.verification.verified);
    factors.extend(accounts.map(|account| json!({ "strategy": account.strategy() })));
    factors
}

pub(crate) fn second_factors(user: &User) -> Vec<Value> {
    let mut factors = Vec::new();
    if user.has_totp() {
        factors.push(json!({ "strategy": "totp" }));
    }
    for phone_number in user.second_factor_phone_numbers() {
        let mut factor = factor("phone_code", ContactKind::PhoneNumber, phone_number);
        factor["default"] = json!(phone_number.default_second_factor);
        factors.push(factor);
    }
    if user.backup_codes.is_some() {
        factors.push(json!({ "strategy": "backup_code" }));
    }
    factors
}

fn factor(strategy: &str, kind: ContactKind, contact: &Contact) -> Value {
    json!({
        "strategy": strategy,
        "safe_identifier": contact.value,
        format!("{}_id", kind.name()): contact.id,
    })
}
