//! The devices on which a user is signed in.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Client, Session, SessionStatus, User},
    view,
};

use super::{answer, browser};

pub(super) fn active(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = browser::caller(cx, request)?.user;
    Ok(Reply::json(&Value::Array(devices(cx, &user)?)))
}

/// Lists the active sessions, each with its user.
pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user = browser::caller(cx, request)?.user;
    let mut devices = devices(cx, &user)?;
    for device in &mut devices {
        device["user"] = view::user(cx, &user)?;
    }
    Ok(Reply::json(&Value::Array(devices)))
}

fn devices(cx: &Context<'_>, user: &User) -> Result<Vec<Value>, Error> {
    let sessions = cx.store.of::<Session>(&user.id)?;
    sessions
        .iter()
        .filter(|session| session.is_active(cx.now))
        .map(|session| view::device(cx, session, user))
        .collect()
}

/// Signs the user out of another device, or of this one.
pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = browser::verified_caller(cx, request)?;
    let id = request.path("id");
    let mut session = cx
        .store
        .get::<Session>(&id)?
        .filter(|session| session.user_id == caller.user.id)
        .ok_or_else(|| ApiError::not_found("session", &id))?;
    if session.is_active(cx.now) {
        cx.close_session(&mut session, SessionStatus::Revoked)?;
    }
    let client = cx
        .store
        .get::<Client>(&caller.client.id)?
        .unwrap_or(caller.client);
    let mut device = view::device(cx, &session, &caller.user)?;
    device["user"] = view::user(cx, &caller.user)?;
    answer::with_client(cx, &device, &client)
}
