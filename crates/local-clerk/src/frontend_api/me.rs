//! The signed-in user.

use crate::{
    domain::{Context, metadata::merge},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, ContactKind},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
};

pub(super) const NAME_LIMIT: usize = 256;
/// The fields whose change needs a recent verification.
const SENSITIVE: [&str; 3] = ["username", "primary_email_address_id", "primary_phone_number_id"];

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::caller(cx, request)?;
    answer::with_client(cx, &view::user(cx, &caller.user)?, &caller.client)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let is_sensitive = SENSITIVE.iter().any(|name| request.body.change(name).is_some());
    let Caller { client, mut user, .. } = if is_sensitive {
        browser::verified_caller(cx, request)?
    } else {
        browser::caller(cx, request)?
    };
    for (name, field) in [
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
    ] {
        if let Some(value) = request.body.change(name) {
            if value.as_ref().is_some_and(|value| value.len() > NAME_LIMIT) {
                let message = format!("{name} must be at most {NAME_LIMIT} characters long.");
                return Err(ApiError::form("form_param_max_length_exceeded", name, message).into());
            }
            *field = value;
        }
    }
    if let Some(username) = request.body.change("username") {
        cx.change_username(&mut user, username.as_deref())?;
    }
    for (kind, param) in [
        (ContactKind::EmailAddress, "primary_email_address_id"),
        (ContactKind::PhoneNumber, "primary_phone_number_id"),
    ] {
        if let Some(id) = request.body.filled(param) {
            let contact = user
                .contact(kind, id)
                .ok_or_else(|| ApiError::not_found(kind.label(), id))?;
            if !contact.is_verified() {
                let message = format!("The primary {} must be verified.", kind.label());
                return Err(ApiError::value_invalid(param, message).into());
            }
            user.set_primary_contact(kind, id);
        }
    }
    if let Some(metadata) = request.body.object("unsafe_metadata")? {
        user.unsafe_metadata = metadata;
    }
    answer::with_user(cx, &client, &mut user)
}

/// Merges metadata as RFC 7396 defines it: `null` removes a key.
pub(super) fn update_metadata(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    if let Some(patch) = request.body.object("unsafe_metadata")? {
        merge(&mut user.unsafe_metadata, patch);
    }
    answer::with_user(cx, &client, &mut user)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, user, .. } = browser::verified_caller(cx, request)?;
    if user.delete_self_disabled {
        return Err(ApiError::authorization_invalid().into());
    }
    cx.delete_user(&user)?;
    let client = cx.store.get::<Client>(&client.id)?.unwrap_or(client);
    answer::with_client(cx, &view::deleted("user", &user.id), &client)
}
