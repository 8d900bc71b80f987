//! Sessions.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Session, SessionStatus, User},
    view,
};

/// Renders a session for its own browser, with a token.
pub(crate) fn session(cx: &Context<'_>, session: &Session, user: &User) -> Result<Value, Error> {
    let mut json = base(cx, session)?;
    json["user"] = view::user(cx, user)?;
    json["public_user_data"] = view::public_user_data(cx, user);
    json["factor_verification_age"] = json!(session.factor_verification_age(cx.now));
    json["last_active_token"] = view::token(cx, session)?;
    Ok(json)
}

/// Renders a session for the list of the user's devices.
pub(crate) fn device(cx: &Context<'_>, session: &Session, user: &User) -> Result<Value, Error> {
    let mut json = base(cx, session)?;
    json["user"] = Value::Null;
    json["public_user_data"] = view::public_user_data(cx, user);
    json["factor_verification_age"] = json!(session.factor_verification_age(cx.now));
    json["last_active_token"] = Value::Null;
    json["latest_activity"] = latest_activity(session);
    Ok(json)
}

/// Renders a session for a backend.
pub(crate) fn backend_session(cx: &Context<'_>, session: &Session) -> Result<Value, Error> {
    let mut json = base(cx, session)?;
    json["user_id"] = json!(session.user_id);
    json["client_id"] = json!(session.client_id);
    json["latest_activity"] = latest_activity(session);
    if session.status == SessionStatus::Active && !session.is_active(cx.now) {
        json["status"] = json!(SessionStatus::Expired);
    }
    Ok(json)
}

fn base(cx: &Context<'_>, session: &Session) -> Result<Value, Error> {
    let tasks = open_tasks(cx, session)?;
    Ok(json!({
    "object": "session",
    "id": session.id,
    "status": if tasks.is_some() { SessionStatus::Pending } else { session.status },
    "expire_at": session.expire_at,
    "abandon_at": session.abandon_at,
    "last_active_at": session.last_active_at,
    "last_active_organization_id": session.last_active_organization_id,
    "actor": session.actor,
    "tasks": tasks,
    "created_at": session.created_at,
    "updated_at": session.updated_at,
    }))
}

/// Renders the tasks of an active session; `None` if it has none.
fn open_tasks(cx: &Context<'_>, session: &Session) -> Result<Option<Vec<Value>>, Error> {
    if !session.is_active(cx.now) {
        return Ok(None);
    }
    let tasks = cx.tasks(session)?;
    let tasks: Vec<Value> = tasks.into_iter().map(|key| json!({ "key": key })).collect();
    Ok(Some(tasks).filter(|tasks| !tasks.is_empty()))
}

fn latest_activity(session: &Session) -> Value {
    let activity = &session.activity;
    json!({
        "object": "session_activity",
        "id": activity.id,
        "device_type": activity.device_type.as_deref().unwrap_or_default(),
        "is_mobile": activity.is_mobile,
        "browser_name": activity.browser_name.as_deref().unwrap_or_default(),
        "browser_version": activity.browser_version.as_deref().unwrap_or_default(),
        "ip_address": activity.ip_address.as_deref().unwrap_or_default(),
        "city": "this machine",
        "country": "",
    })
}
