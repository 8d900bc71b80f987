//! E-mail addresses and phone numbers, as a backend manages them.

use serde_json::Value;

use crate::{
    domain::{Context, identifiers::claim_identifiers, mailbox},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Contact, ContactKind, Identifier, MessageKind, User, Verification},
    store::links,
    view,
};

use super::users;

pub(super) fn create(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let mut user: User = cx.load(request.body.required("user_id")?, "user")?;
    let value = kind.parse(request.body.required(kind.name())?, kind.name())?;
    cx.check_identifier_is_free(&value, kind.name())?;
    let contact = Contact::new(value, None, cx.now);
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    change(cx, request, user, kind, &id)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let id = request.path("id");
    Ok(answer(cx, &owner(cx, kind, &id)?, kind, &id))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let id = request.path("id");
    change(cx, request, owner(cx, kind, &id)?, kind, &id)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let id = request.path("id");
    let mut user = owner(cx, kind, &id)?;
    if let Some(contact) = user.contact(kind, &id).filter(|contact| contact.is_verified()) {
        cx.store.delete::<Identifier>(&contact.value)?;
    }
    user.remove_contact(kind, &id);
    user.updated_at = cx.now;
    cx.store.put(&user)?;
    Ok(Reply::json(&view::deleted(kind.name(), &id)))
}

/// Tells the user at the previous primary e-mail address that there is another one, if the body asks for that.
pub(super) fn notify(
    cx: &Context<'_>,
    request: &Request,
    previous: Option<&Contact>,
    user: &User,
) -> Result<(), Error> {
    let is_asked = request.body.flag("notify_primary_email_address_changed") == Some(true);
    let current = user.primary_email_address().map(|contact| &contact.value);
    match previous.map(|contact| &contact.value) {
        Some(previous) if is_asked && current != Some(previous) => mailbox::send_notice(
            cx,
            previous,
            MessageKind::PrimaryEmailAddressChanged,
            "Your primary e-mail address has changed",
        ),
        _ => Ok(()),
    }
}

/// Marks a contact as verified or primary, according to the body.
fn change(
    cx: &Context<'_>,
    request: &Request,
    mut user: User,
    kind: ContactKind,
    id: &str,
) -> Result<Reply, Error> {
    let (verified, primary) = (request.body.flag("verified"), request.body.flag("primary"));
    let previous = user.primary_email_address().cloned();
    if let Some(contact) = user.contact_mut(kind, id) {
        match verified {
            Some(true) if !contact.is_verified() => {
                cx.check_identifier_is_free(&contact.value, kind.name())?;
                contact.verification = Some(Verification::verified("admin", cx.now));
            }
            Some(false) if contact.is_verified() => {
                cx.store.delete::<Identifier>(&contact.value)?;
                contact.verification = None;
            }
            _ => {}
        }
        if kind == ContactKind::PhoneNumber {
            let reserved = request.body.flag("reserved_for_second_factor");
            contact.reserved_for_second_factor = reserved.unwrap_or(contact.reserved_for_second_factor);
        }
        contact.updated_at = cx.now;
        if primary == Some(true) && contact.is_verified() {
            user.set_primary_contact(kind, id);
        }
        user.choose_primary_contact(kind);
        user.normalize_second_factors(cx.now);
    }
    user.updated_at = cx.now;
    claim_identifiers(&cx.store, &user)?;
    cx.store.put(&user)?;
    notify(cx, request, previous.as_ref(), &user)?;
    Ok(answer(cx, &user, kind, id))
}

/// Replaces all contacts of a kind by one.
pub(super) fn replace(cx: &mut Context<'_>, request: &Request, kind: ContactKind) -> Result<Reply, Error> {
    let mut user = users::find(cx, request)?;
    let value = kind.parse(request.body.required(kind.name())?, kind.name())?;
    let is_own = user
        .contacts(kind)
        .iter()
        .any(|contact| contact.is_verified() && contact.value == value);
    if !is_own {
        cx.check_identifier_is_free(&value, kind.name())?;
    }
    let previous = user.primary_email_address().cloned();
    for old in user.contacts(kind).to_vec() {
        if old.is_verified() {
            cx.store.delete::<Identifier>(&old.value)?;
        }
        user.remove_contact(kind, &old.id);
    }
    let status = request.body.filled("identification_status");
    if status == Some("reserved") {
        return Err(ApiError::not_on_this_machine("reserved identifications").into());
    }
    let is_verified = status != Some("unverified");
    let verification = is_verified.then(|| Verification::verified("admin", cx.now));
    let contact = Contact::new(value, verification, cx.now);
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    user.updated_at = cx.now;
    claim_identifiers(&cx.store, &user)?;
    cx.store.put(&user)?;
    notify(cx, request, previous.as_ref(), &user)?;
    Ok(answer(cx, &user, kind, &id))
}

pub(super) fn owner(cx: &Context<'_>, kind: ContactKind, id: &str) -> Result<User, Error> {
    let link = match kind {
        ContactKind::EmailAddress => links::EMAIL_ADDRESS_ID,
        ContactKind::PhoneNumber => links::PHONE_NUMBER_ID,
    };
    let owner = cx.store.linked::<User>(&link, &[id])?.pop();
    Ok(owner.ok_or_else(|| ApiError::not_found(kind.label(), id))?)
}

fn answer(cx: &Context<'_>, user: &User, kind: ContactKind, id: &str) -> Reply {
    let contact = user.contact(kind, id);
    Reply::json(&contact.map_or(Value::Null, |contact| view::contact(cx, kind, contact)))
}
