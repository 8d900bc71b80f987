//! The signed-in user's e-mail addresses.

use serde_json::{Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        mailbox,
        model::{Client, EmailAddress, Identifier, User, Verification},
        reply::Reply,
    },
    browser::Caller,
    users::{claim_email_addresses, parse_email_address},
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let addresses: Vec<Value> = caller
        .user
        .email_addresses
        .iter()
        .map(|address| call.email_address_json(address))
        .collect();
    Ok(Reply::json(&json!(addresses)))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let address = call.email_address_json(named(call, &caller.user)?);
    call.wrapped(&address, &caller.client)
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let text = call.body.required("email_address")?;
    let email_address = parse_email_address(text, "email_address")?;
    call.check_email_is_free(&email_address, "email_address")?;
    if user
        .email_addresses
        .iter()
        .any(|address| address.email_address == email_address)
    {
        return Err(ApiError::identifier_exists("email_address").into());
    }
    let address = EmailAddress::new(email_address, None, call.now);
    let id = address.id.clone();
    user.add_email_address(address);
    keep(call, &client, &mut user, &id)
}

pub(super) fn prepare_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    match call.body.required("strategy")? {
        "email_code" => {}
        other => return Err(ApiError::strategy_invalid(other).into()),
    }
    let address = named(call, &user)?;
    if address.is_verified() {
        return Err(ApiError::verification_already_verified().into());
    }
    let id = address.id.clone();
    mailbox::send_code(call, &address.email_address, "E-mail address verification code")?;
    if let Some(address) = user.email_address_mut(&id) {
        address.verification = Some(Verification::sent("email_code", call.now));
    }
    keep(call, &client, &mut user, &id)
}

pub(super) fn attempt_verification(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let code = call.body.required("code")?.to_owned();
    let named = named(call, &user)?;
    let (id, text) = (named.id.clone(), named.email_address.clone());
    let sent = user
        .email_address_mut(&id)
        .and_then(|address| address.verification.as_mut());
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(&code, call.now)
    {
        call.store.put(&user)?;
        return Ok(error.into());
    }
    call.check_email_is_free(&text, "email_address")?;
    claim_email_addresses(&call.store, &user)?;
    if user.primary_email_address_id.is_none() {
        user.primary_email_address_id = Some(id.clone());
    }
    keep(call, &client, &mut user, &id)
}

/// A user keeps one verified address.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let address = named(call, &user)?.clone();
    user.remove_email_address(&address.id);
    if address.is_verified() {
        if !user.email_addresses.iter().any(EmailAddress::is_verified) {
            let why = "You cannot delete your last identification.";
            return Err(ApiError::bad_request("last_identification_deletion_failed", why).into());
        }
        call.store.delete::<Identifier>(&address.email_address)?;
    }
    user.updated_at = call.now;
    call.store.put(&user)?;
    call.wrapped(
        &json!({ "object": "email_address", "id": address.id, "deleted": true }),
        &client,
    )
}

/// The address that the path names.
fn named<'a>(call: &Call<'_>, user: &'a User) -> Result<&'a EmailAddress, ApiError> {
    let id = call.path("id");
    user.email_address(&id)
        .ok_or_else(|| ApiError::not_found("email address", &id))
}

fn keep(call: &Call<'_>, client: &Client, user: &mut User, id: &str) -> Result<Reply, Error> {
    user.updated_at = call.now;
    if let Some(address) = user.email_address_mut(id) {
        address.updated_at = call.now;
    }
    call.store.put(user)?;
    let response = user
        .email_address(id)
        .map(|address| call.email_address_json(address));
    call.wrapped(&json!(response), client)
}
