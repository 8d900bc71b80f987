//! The signed-in user's e-mail addresses and phone numbers.

use serde_json::Value;

use crate::{
    domain::{Context, email_links, identifiers::claim_identifiers, mailbox},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, Contact, ContactKind, EMAIL_LINK, Identifier, LinkPurpose, SecondFactor, User},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let contacts = view::contacts(cx, &caller.user, kind);
    Ok(Reply::json(&contacts))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    let contact = view::contact(cx, kind, find(request, &caller.user, kind)?);
    answer::with_client(cx, &contact, &caller.client)
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    let value = kind.parse(request.body.required(kind.name())?, kind.name())?;
    cx.check_identifier_is_free(&value, kind.name())?;
    if user.contacts(kind).iter().any(|own| own.value == value) {
        return Err(ApiError::identifier_exists(kind.name()).into());
    }
    let mut contact = Contact::new(value, None, cx.now);
    if kind == ContactKind::PhoneNumber && request.body.flag("reserved_for_second_factor") == Some(true) {
        if !cx.settings()?.offers(SecondFactor::PhoneCode) {
            return Err(ApiError::unknown_param("reserved_for_second_factor").into());
        }
        contact.reserved_for_second_factor = true;
    }
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    store(cx, &client, &mut user, kind, &id)
}

pub(super) fn prepare_verification(
    cx: &mut Context<'_>,
    request: &Request,
    kind: ContactKind,
) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let strategy = request.body.filled("strategy").unwrap_or(kind.code_strategy());
    let is_link = kind == ContactKind::EmailAddress && strategy == EMAIL_LINK;
    if !is_link && strategy != kind.code_strategy() {
        return Err(ApiError::strategy_invalid(strategy).into());
    }
    let contact = find(request, &user, kind)?;
    if contact.is_verified() {
        return Err(ApiError::verification_already_verified().into());
    }
    let id = contact.id.clone();
    let verification = if is_link {
        let purpose = LinkPurpose::EmailAddress {
            user_id: user.id.clone(),
            id: id.clone(),
        };
        email_links::send(cx, &contact.value, purpose, request.body.filled("redirect_url"))?
    } else {
        mailbox::send_verification_code(cx, &contact.value, strategy)?
    };
    if let Some(contact) = user.contact_mut(kind, &id) {
        contact.verification = Some(verification);
    }
    store(cx, &client, &mut user, kind, &id)
}

pub(super) fn attempt_verification(
    cx: &mut Context<'_>,
    request: &Request,
    kind: ContactKind,
) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let code = request.body.required("code")?;
    let contact = find(request, &user, kind)?;
    let (id, value) = (contact.id.clone(), contact.value.clone());
    let sent = user
        .contact_mut(kind, &id)
        .and_then(|contact| contact.verification.as_mut());
    if let Err(error) = sent
        .ok_or_else(ApiError::verification_missing)?
        .attempt(code, cx.now)
    {
        cx.store.put(&user)?;
        return Ok(error.into());
    }
    cx.check_identifier_is_free(&value, kind.name())?;
    claim_identifiers(&cx.store, &user)?;
    user.choose_primary_contact(kind);
    user.normalize_second_factors(cx.now);
    store(cx, &client, &mut user, kind, &id)
}

/// Deletes a contact, unless it is the user's last identification.
pub(super) fn delete(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let contact = find(request, &user, kind)?.clone();
    user.remove_contact(kind, &contact.id);
    user.normalize_second_factors(cx.now);
    if contact.is_verified() {
        if !user.is_identified() {
            return Err(ApiError::last_identification().into());
        }
        cx.store.delete::<Identifier>(&contact.value)?;
    }
    user.updated_at = cx.now;
    cx.store.put(&user)?;
    answer::with_client(cx, &view::deleted(kind.name(), &contact.id), &client)
}

/// Returns the contact that path parameter `id` identifies.
fn find<'a>(request: &Request, user: &'a User, kind: ContactKind) -> Result<&'a Contact, ApiError> {
    let id = request.path("id");
    user.contact(kind, &id)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))
}

/// Stores the changed user, and replies with one of the contacts.
fn store(
    cx: &Context<'_>,
    client: &Client,
    user: &mut User,
    kind: ContactKind,
    id: &str,
) -> Result<Reply, Error> {
    user.updated_at = cx.now;
    if let Some(contact) = user.contact_mut(kind, id) {
        contact.updated_at = cx.now;
    }
    cx.store.put(user)?;
    let response = user
        .contact(kind, id)
        .map_or(Value::Null, |contact| view::contact(cx, kind, contact));
    answer::with_client(cx, &response, client)
}
