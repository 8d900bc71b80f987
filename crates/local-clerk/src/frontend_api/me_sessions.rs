//! The devices that a user is signed in on.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::{Client, Session, User},
    reply::Reply,
};

pub(super) fn active(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    Ok(Reply::json(&Value::Array(devices(call, &user)?)))
}

/// The same, each with the user.
pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user = call.caller()?.user;
    let mut devices = devices(call, &user)?;
    for device in &mut devices {
        device["user"] = call.user_json(&user)?;
    }
    Ok(Reply::json(&Value::Array(devices)))
}

fn devices(call: &Call<'_>, user: &User) -> Result<Vec<Value>, Error> {
    let sessions = call.store.of::<Session>(&user.id)?;
    sessions
        .iter()
        .filter(|session| session.is_active(call.now))
        .map(|session| call.device_json(session, user))
        .collect()
}

/// Signs the user out of another device, or of this one.
pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = call.verified_caller()?;
    let id = call.path("id");
    let mut session = call
        .store
        .get::<Session>(&id)?
        .filter(|session| session.user_id == caller.user.id)
        .ok_or_else(|| ApiError::not_found("session", &id))?;
    if session.is_active(call.now) {
        call.close_session(&mut session, "revoked")?;
    }
    let client = call
        .store
        .get::<Client>(&caller.client.id)?
        .unwrap_or(caller.client);
    let mut device = call.device_json(&session, &caller.user)?;
    device["user"] = call.user_json(&caller.user)?;
    call.wrapped(&device, &client)
}
