//! E-mail addresses and phone numbers, as a backend handles them.

use serde_json::Value;

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        identifiers::claim_identifiers,
        model::{Contact, ContactKind, Identifier, User, Verification},
        reply::Reply,
        view,
    },
    users,
};

pub(super) fn create(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let user_id = call.body.required("user_id")?;
    let mut user = call
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let value = kind.parse(call.body.required(kind.name())?, kind.name())?;
    call.check_identifier_is_free(&value, kind.name())?;
    let contact = Contact::new(value, None, call.now);
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    change(call, user, kind, &id)
}

pub(super) fn get(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let id = call.path("id");
    Ok(answer(call, &owner(call, kind, &id)?, kind, &id))
}

pub(super) fn update(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let id = call.path("id");
    change(call, owner(call, kind, &id)?, kind, &id)
}

pub(super) fn delete(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let id = call.path("id");
    let mut user = owner(call, kind, &id)?;
    if let Some(contact) = user.contact(kind, &id).filter(|contact| contact.is_verified()) {
        call.store.delete::<Identifier>(&contact.value)?;
    }
    user.remove_contact(kind, &id);
    user.updated_at = call.now;
    call.store.put(&user)?;
    Ok(Reply::json(&view::deleted(kind.name(), &id)))
}

/// Marks a contact as verified or primary, as the body says.
fn change(call: &Call<'_>, mut user: User, kind: ContactKind, id: &str) -> Result<Reply, Error> {
    let (verified, primary) = (call.body.flag("verified"), call.body.flag("primary"));
    if let Some(contact) = user.contact_mut(kind, id) {
        match verified {
            Some(true) if !contact.is_verified() => {
                call.check_identifier_is_free(&contact.value, kind.name())?;
                contact.verification = Some(Verification::verified("admin", call.now));
            }
            Some(false) if contact.is_verified() => {
                call.store.delete::<Identifier>(&contact.value)?;
                contact.verification = None;
            }
            _ => {}
        }
        contact.updated_at = call.now;
        if primary == Some(true) && contact.is_verified() {
            user.set_primary_contact(kind, id);
        }
        user.choose_primary_contact(kind);
    }
    user.updated_at = call.now;
    claim_identifiers(&call.store, &user)?;
    call.store.put(&user)?;
    Ok(answer(call, &user, kind, id))
}

/// The one contact of its kind that the user has from now on.
pub(super) fn replace(call: &mut Call<'_>, kind: ContactKind) -> Result<Reply, Error> {
    let mut user = users::named(call)?;
    let value = kind.parse(call.body.required(kind.name())?, kind.name())?;
    let is_own = user
        .contacts(kind)
        .iter()
        .any(|contact| contact.is_verified() && contact.value == value);
    if !is_own {
        call.check_identifier_is_free(&value, kind.name())?;
    }
    for old in user.contacts(kind).to_vec() {
        if old.is_verified() {
            call.store.delete::<Identifier>(&old.value)?;
        }
        user.remove_contact(kind, &old.id);
    }
    let is_verified = call.body.filled("identification_status") != Some("unverified");
    let verification = is_verified.then(|| Verification::verified("admin", call.now));
    let contact = Contact::new(value, verification, call.now);
    let id = contact.id.clone();
    user.add_contact(kind, contact);
    user.updated_at = call.now;
    claim_identifiers(&call.store, &user)?;
    call.store.put(&user)?;
    Ok(answer(call, &user, kind, &id))
}

fn owner(call: &Call<'_>, kind: ContactKind, id: &str) -> Result<User, Error> {
    let users = call.store.all::<User>()?;
    let owner = users.into_iter().find(|user| user.contact(kind, id).is_some());
    Ok(owner.ok_or_else(|| ApiError::not_found(kind.label(), id))?)
}

fn answer(call: &Call<'_>, user: &User, kind: ContactKind, id: &str) -> Reply {
    let contact = user.contact(kind, id);
    Reply::json(&contact.map_or(Value::Null, |contact| call.contact_json(kind, contact)))
}
