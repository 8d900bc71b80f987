//! The signed-in user's e-mail addresses and phone numbers.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::claim_identifiers,
        mailbox,
        model::{Client, Contact, ContactKind, Identifier, User, Verification},
        reply::Reply,
        view,
    },
    browser::Caller,
    email_links,
};

pub(super) fn list(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let contacts = call.contacts_json(&caller.user, kind);
    Ok(Reply::json(&contacts))
}

pub(super) fn get(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let caller = call.caller()?;
    let contact = call.contact_json(kind, named(call, &caller.user, kind)?);
    call.wrapped(&contact, &caller.client)
}

pub(super) fn create(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.verified_caller()?;
    let value = kind.parse(call.body.required(kind.name())?, kind.name())?;
    call.check_identifier_is_free(&value, kind.name())?;
    if user.contacts(kind).iter().any(|own| own.value == value) {
        return Err(ApiError::identifier_exists(kind.name()).into());
    }
    let contact = Contact::new(value, None, call.now);
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    keep(call, &client, &mut user, kind, &id)
}

pub(super) fn prepare_verification(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let strategy = call.body.filled("strategy").unwrap_or(kind.code_strategy());
    let is_link = kind == ContactKind::EmailAddress && strategy == email_links::STRATEGY;
    if !is_link && strategy != kind.code_strategy() {
        return Err(ApiError::strategy_invalid(strategy).into());
    }
    let contact = named(call, &user, kind)?;
    if contact.is_verified() {
        return Err(ApiError::verification_already_verified().into());
    }
    let id = contact.id.clone();
    let verification = if is_link {
        let purpose = email_links::Purpose::EmailAddress {
            user_id: user.id.clone(),
            id: id.clone(),
        };
        email_links::send(call, &contact.value, purpose)?
    } else {
        mailbox::send_code(call, &contact.value, "Verification code")?;
        Verification::sent(strategy, call.code_expiry()?)
    };
    if let Some(contact) = user.contact_mut(kind, &id) {
        contact.verification = Some(verification);
    }
    keep(call, &client, &mut user, kind, &id)
}

pub(super) fn attempt_verification(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let code = call.body.required("code")?.to_owned();
    let named = named(call, &user, kind)?;
    let (id, value) = (named.id.clone(), named.value.clone());
    let sent = user
        .contact_mut(kind, &id)
        .and_then(|contact| contact.verification.as_mut());
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(&code, call.now)
    {
        call.store.put(&user)?;
        return Ok(error.into());
    }
    call.check_identifier_is_free(&value, kind.name())?;
    claim_identifiers(&call.store, &user)?;
    user.choose_primary_contact(kind);
    keep(call, &client, &mut user, kind, &id)
}

/// A user keeps one thing to be identified by.
pub(super) fn delete(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = call.caller()?;
    let contact = named(call, &user, kind)?.clone();
    user.remove_contact(kind, &contact.id);
    user.settle_second_factors(call.now);
    if contact.is_verified() {
        if !user.is_identified() {
            return Err(ApiError::last_identification().into());
        }
        call.store.delete::<Identifier>(&contact.value)?;
    }
    user.updated_at = call.now;
    call.store.put(&user)?;
    call.wrapped(&view::deleted(kind.name(), &contact.id), &client)
}

/// The contact that the path names.
fn named<'a>(call: &Call<'_>, user: &'a User, kind: ContactKind) -> Result<&'a Contact, ApiError> {
    let id = call.path("id");
    user.contact(kind, &id)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))
}

fn keep(
    call: &Call<'_>,
    client: &Client,
    user: &mut User,
    kind: ContactKind,
    id: &str,
) -> Result<Reply, Error> {
    user.updated_at = call.now;
    if let Some(contact) = user.contact_mut(kind, id) {
        contact.updated_at = call.now;
    }
    call.store.put(user)?;
    let response = user
        .contact(kind, id)
        .map_or(Value::Null, |contact| call.contact_json(kind, contact));
    call.wrapped(&response, client)
}
