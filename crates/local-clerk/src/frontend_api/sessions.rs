//! The client's sessions.

use serde_json::Value;

use crate::{
    domain::Context,
    error::Error,
    http::{Reply, Request},
    model::{Client, SessionStatus},
    view,
};

use super::{answer, browser};

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (client, session, user) = browser::own_session(cx, request)?;
    answer::with_client(cx, &view::session(cx, &session, &user)?, &client)
}

pub(super) fn touch(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (mut client, mut session, mut user) = browser::own_session(cx, request)?;
    if let Some(organization) = request.body.change("active_organization_id") {
        cx.activate_organization(&mut session, organization.as_deref())?;
    }
    session.last_active_at = cx.now;
    user.last_active_at = Some(cx.now);
    client.last_active_session_id = Some(session.id.clone());
    cx.store.put(&session)?;
    cx.store.put(&user)?;
    cx.store.put(&client)?;
    answer::with_client(cx, &view::session(cx, &session, &user)?, &client)
}

pub(super) fn end(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    close(cx, request, SessionStatus::Ended)
}

pub(super) fn remove(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    close(cx, request, SessionStatus::Removed)
}

fn close(cx: &Context<'_>, request: &Request, status: SessionStatus) -> Result<Reply, Error> {
    let (client, mut session, user) = browser::own_session(cx, request)?;
    cx.close_session(&mut session, status)?;
    let client = cx.store.get::<Client>(&client.id)?.unwrap_or(client);
    answer::with_client(cx, &view::session(cx, &session, &user)?, &client)
}

/// Closes all sessions, but keeps the client.
pub(super) fn remove_all(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Some(mut client) = browser::client(cx, request)? else {
        return Ok(answer::without_client(&Value::Null));
    };
    cx.sign_out(&mut client)?;
    let client = view::client(cx, &client)?;
    Ok(answer::without_client(&client))
}

pub(super) fn create_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (_, mut session, _) = browser::own_session(cx, request)?;
    session.last_active_at = cx.now;
    cx.store.put(&session)?;
    // Each tab may have its own active organization: only a touch changes the session's.
    if let Some(organization) = request.body.change("organization_id") {
        cx.activate_organization(&mut session, organization.as_deref())?;
    }
    Ok(Reply::json(&view::token(cx, &session)?))
}

pub(super) fn create_template_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (_, session, user) = browser::own_session(cx, request)?;
    let token = view::template_token(
        cx,
        &session,
        &user,
        &request.path("template"),
        None,
        Some(&cx.url.app),
    )?;
    Ok(Reply::json(&token))
}
