//! Clients, and the cookies that the app's server fetches after a handshake.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::{Client, DevBrowser, Nonce, Session, SignInStatus},
    view,
};

/// Returns the cookies of a nonce, once.
pub(super) fn handshake_payload(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let id = request.query.required("nonce")?;
    let nonce = cx
        .store
        .get::<Nonce>(id)?
        .filter(|nonce| nonce.expire_at > cx.real_now);
    let nonce = nonce.ok_or_else(|| {
        ApiError::new(
            ErrorKind::NotFound,
            "resource_not_found",
            "The nonce is unknown, used or expired.",
        )
    })?;
    cx.store.delete::<Nonce>(&nonce.id)?;
    Ok(Reply::json(&json!({ "directives": nonce.cookies })))
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let clients = cx.store.all::<Client>()?;
    let clients: Result<Vec<Value>, Error> = clients.iter().rev().map(|client| json(cx, client)).collect();
    Ok(request.bare_or_paginated(&clients?))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let client: Client = request.load(cx, "id", "client")?;
    Ok(Reply::json(&json(cx, &client)?))
}

/// Finds the client of a `__client` cookie or a dev browser token.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let token = request.body.required("token")?;
    let client = match cx.store.get::<DevBrowser>(token)? {
        Some(DevBrowser {
            client_id: Some(id), ..
        }) => cx.store.get::<Client>(&id)?,
        _ => cx.store.of::<Client>(token)?.pop(),
    };
    let client = client.ok_or_else(|| ApiError::not_found("client", "of this token"))?;
    Ok(Reply::json(&json(cx, &client)?))
}

fn json(cx: &Context<'_>, client: &Client) -> Result<Value, Error> {
    let mut sessions: Vec<Value> = Vec::new();
    for id in &client.session_ids {
        if let Some(session) = cx.store.get::<Session>(id)? {
            sessions.push(view::backend_session(cx, &session)?);
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
