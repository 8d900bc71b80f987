//! Attempts to sign up, as a backend sees them. Each belongs to a client, which forgets it when it begins another one.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::{Client, SignUp},
    view,
};

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (_, attempt) = find(cx, request)?;
    reply(cx, &attempt)
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut attempt) = find(cx, request)?;
    if attempt.is_complete() || is_abandoned(cx, &attempt) {
        let message = "This sign up has reached a terminal state and cannot be updated";
        return Err(ApiError::new(ErrorKind::Forbidden, "sign_up_cannot_be_updated", message).into());
    }
    if let Some(external_id) = request.body.change("external_id") {
        attempt.external_id = external_id;
    }
    if let Some(custom_action) = request.body.flag("custom_action") {
        attempt.custom_action = custom_action;
    }
    client.sign_up = Some(attempt.clone());
    cx.store.put(&client)?;
    reply(cx, &attempt)
}

fn find(cx: &Context<'_>, request: &Request) -> Result<(Client, SignUp), Error> {
    let id = request.path("id");
    let clients = cx.store.all::<Client>()?.into_iter();
    let mut attempts = clients.filter_map(|client| Some((client.sign_up.clone()?, client)));
    let (attempt, client) = attempts
        .find(|(attempt, _)| attempt.id == id)
        .ok_or_else(|| ApiError::not_found("sign up attempt", &id))?;
    Ok((client, attempt))
}

fn is_abandoned(cx: &Context<'_>, attempt: &SignUp) -> bool {
    !attempt.is_complete() && attempt.abandon_at <= cx.now
}

fn reply(cx: &Context<'_>, attempt: &SignUp) -> Result<Reply, Error> {
    let mut json = view::sign_up(cx, attempt)?;
    if is_abandoned(cx, attempt) {
        json["status"] = json!("abandoned");
    }
    // Only browsers receive these.
    for name in ["has_password", "external_account_strategy"] {
        remove(&mut json, name);
    }
    if json["external_account"].is_null() {
        remove(&mut json, "external_account");
    }
    Ok(Reply::json(&json))
}

fn remove(json: &mut Value, name: &str) {
    if let Some(fields) = json.as_object_mut() {
        fields.remove(name);
    }
}
