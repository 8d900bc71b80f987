//! The signed-in user's passkeys.

use crate::{
    domain::{Context, passkeys},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, PASSKEY, Passkey, User},
    view,
};

use super::{
    answer,
    browser::{self, Caller},
    me::NAME_LIMIT,
};

/// Begins a passkey; it is one of the user's once the browser has created it.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::verified_caller(cx, request)?;
    if !cx.settings()?.passkeys {
        return Err(ApiError::feature_not_enabled().into());
    }
    let passkey = passkeys::begin(cx, &mut user);
    store(cx, &client, &mut user, &passkey.id)
}

pub(super) fn attempt_verification(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let (id, body) = (request.path("id"), &request.body);
    if let Some(strategy) = body.filled("strategy").filter(|strategy| *strategy != PASSKEY) {
        return Err(ApiError::strategy_invalid(strategy).into());
    }
    passkeys::complete(cx, &mut user, &id, body.required("public_key_credential")?)?;
    store(cx, &client, &mut user, &id)
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, user, .. } = browser::caller(cx, request)?;
    answer::with_client(cx, &view::passkey(cx, find(&user, &request.path("id"))?), &client)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let id = request.path("id");
    let passkey = user.passkeys.iter_mut().find(|passkey| passkey.id == id);
    let passkey = passkey.ok_or_else(|| ApiError::not_found(PASSKEY, &id))?;
    if let Some(name) = request.body.filled("name") {
        if name.len() > NAME_LIMIT {
            let message = format!("name must be at most {NAME_LIMIT} characters long.");
            return Err(ApiError::form("form_param_max_length_exceeded", "name", message).into());
        }
        name.clone_into(&mut passkey.name);
        passkey.updated_at = cx.now;
    }
    store(cx, &client, &mut user, &id)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Caller { client, mut user, .. } = browser::caller(cx, request)?;
    let id = request.path("id");
    cx.remove_passkey(&mut user, &id)?;
    user.updated_at = cx.now;
    cx.store.put(&user)?;
    answer::with_client(cx, &view::deleted(PASSKEY, &id), &client)
}

fn find<'u>(user: &'u User, id: &str) -> Result<&'u Passkey, ApiError> {
    let found = user.passkeys.iter().find(|passkey| passkey.id == id);
    found.ok_or_else(|| ApiError::not_found(PASSKEY, id))
}

/// Stores the changed user, and replies with one of the passkeys.
fn store(cx: &Context<'_>, client: &Client, user: &mut User, id: &str) -> Result<Reply, Error> {
    user.updated_at = cx.now;
    cx.store.put(user)?;
    answer::with_client(cx, &view::passkey(cx, find(user, id)?), client)
}
