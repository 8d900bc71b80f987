//! Browsers, and what the app's server fetches after a handshake.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Client, Nonce, Session, SignInStatus},
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

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    let client = call
        .store
        .get::<Client>(&id)?
        .ok_or_else(|| ApiError::not_found("client", &id))?;
    let mut sessions: Vec<Value> = Vec::new();
    for id in &client.session_ids {
        if let Some(session) = call.store.get::<Session>(id)? {
            sessions.push(call.backend_session_json(&session)?);
        }
    }
    let sign_in = client
        .sign_in
        .filter(|attempt| attempt.status != SignInStatus::Complete);
    let sign_up = client.sign_up.filter(|attempt| !attempt.is_complete());
    Ok(Reply::json(&json!({
        "object": "client",
        "id": client.id,
        "session_ids": client.session_ids,
        "sessions": sessions,
        "sign_in_id": sign_in.map(|attempt| attempt.id),
        "sign_up_id": sign_up.map(|attempt| attempt.id),
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": client.last_authentication_strategy,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })))
}
