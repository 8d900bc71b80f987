//! Sessions, as a backend handles them.

use aws_lc_rs::constant_time;
use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    frontend_api::session_cookies,
    model::{Client, Session, User},
    reply::Reply,
};

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (user_id, client_id) = (call.query.filled("user_id"), call.query.filled("client_id"));
    let status = call.query.filled("status");
    let mut sessions = match (user_id, client_id) {
        (Some(user_id), _) => call.store.of::<Session>(user_id)?,
        (None, Some(_)) => call.store.all::<Session>()?,
        (None, None) => return Err(ApiError::missing("user_id").into()),
    };
    sessions.retain(|session| client_id.is_none_or(|id| session.client_id == id));
    let sessions: Result<Vec<Value>, Error> = sessions
        .iter()
        .rev()
        .map(|session| call.backend_session_json(session))
        .collect();
    let mut sessions = sessions?;
    sessions.retain(|session| status.is_none_or(|status| session["status"] == status));
    Ok(call.bare_or_paginated(&sessions))
}

/// A session without a browser, for tests.
pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let user_id = call.body.required("user_id")?;
    let mut user = call
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let mut client = Client::new(call.now);
    let mut session = call.start_session(&mut client, &mut user, "backend")?;
    if let Some(organization) = call.body.filled("active_organization_id") {
        call.activate_organization(&mut session, Some(organization))?;
        call.store.put(&session)?;
    }
    call.store.put(&client)?;
    Ok(Reply::json(&call.backend_session_json(&session)?))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&call.backend_session_json(&named(call)?)?))
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut session = named(call)?;
    if session.is_active(call.now) {
        call.close_session(&mut session, "revoked")?;
    }
    Ok(Reply::json(&call.backend_session_json(&session)?))
}

pub(super) fn create_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    let session = active(call)?;
    Ok(Reply::json(&call.token_json(&session)?))
}

pub(super) fn create_template_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    let session = active(call)?;
    let user = call
        .store
        .get::<User>(&session.user_id)?
        .ok_or_else(ApiError::authentication_invalid)?;
    let lifetime = call.body.number_in("expires_in_seconds", 30..=315_360_000)?;
    let token = call.template_token(&session, &user, &call.path("template"), lifetime)?;
    Ok(Reply::json(&token))
}

/// A new token for an app's server that holds the session's refresh token.
pub(super) fn refresh(call: &mut Call<'_>) -> Result<Reply, Error> {
    let session = active(call)?;
    let refresh_token = call.body.required("refresh_token")?;
    if constant_time::verify_slices_are_equal(session.refresh_token.as_bytes(), refresh_token.as_bytes())
        .is_err()
    {
        return Err(ApiError::bad_request("invalid_refresh_token", "The refresh token is invalid.").into());
    }
    let azp = call.body.filled("request_origin").unwrap_or(&call.url.app);
    let cookies = session_cookies(call, &session, azp)?;
    Ok(Reply::json(&json!({ "object": "cookies", "cookies": cookies })))
}

fn named(call: &Call<'_>) -> Result<Session, Error> {
    let id = call.path("id");
    Ok(call
        .store
        .get::<Session>(&id)?
        .ok_or_else(|| ApiError::not_found("session", &id))?)
}

fn active(call: &Call<'_>) -> Result<Session, Error> {
    let session = named(call)?;
    if session.is_active(call.now) {
        return Ok(session);
    }
    Err(ApiError::bad_request(
        "session_not_active",
        format!("The session {} is not active.", session.id),
    )
    .into())
}
