//! Browsers, and what the app's server fetches after a handshake.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Client, DevBrowser, Nonce, Session, SignInStatus},
    reply::Reply,
};

/// The cookies of a nonce, once.
pub(super) fn handshake_payload(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.query.required("nonce")?;
    let nonce = call
        .store
        .get::<Nonce>(id)?
        .filter(|nonce| nonce.expire_at > call.now);
    let nonce = nonce.ok_or_else(|| {
        ApiError::new(
            http::StatusCode::NOT_FOUND,
            "resource_not_found",
            "The nonce is unknown, used or expired.",
        )
    })?;
    call.store.delete::<Nonce>(&nonce.id)?;
    Ok(Reply::json(&json!({ "directives": nonce.directives })))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let clients = call.store.all::<Client>()?;
    let clients: Result<Vec<Value>, Error> = clients.iter().rev().map(|client| json(call, client)).collect();
    Ok(call.bare_or_paginated(&clients?))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let client: Client = call.named("id", "client")?;
    Ok(Reply::json(&json(call, &client)?))
}

/// Whose the value of a `__client` cookie, or of a dev browser, is.
pub(super) fn verify(call: &mut Call<'_>) -> Result<Reply, Error> {
    let token = call.body.required("token")?;
    let client = match call.store.get::<DevBrowser>(token)? {
        Some(DevBrowser {
            client_id: Some(id), ..
        }) => call.store.get::<Client>(&id)?,
        _ => call.store.of::<Client>(token)?.pop(),
    };
    let client = client.ok_or_else(|| ApiError::not_found("client", "of this token"))?;
    Ok(Reply::json(&json(call, &client)?))
}

fn json(call: &Call<'_>, client: &Client) -> Result<Value, Error> {
    let mut sessions: Vec<Value> = Vec::new();
    for id in &client.session_ids {
        if let Some(session) = call.store.get::<Session>(id)? {
            sessions.push(call.backend_session_json(&session)?);
        }
    }
    let sign_in = client
        .sign_in
        .as_ref()
        .filter(|attempt| attempt.status != SignInStatus::Complete);
    let sign_up = client.sign_up.as_ref().filter(|attempt| !attempt.is_complete());
    Ok(json!({
        "object": "client",
        "id": client.id,
        "session_ids": client.session_ids,
        "sessions": sessions,
        "sign_in_id": sign_in.map(|attempt| &attempt.id),
        "sign_up_id": sign_up.map(|attempt| &attempt.id),
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": client.last_authentication_strategy,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    }))
}
