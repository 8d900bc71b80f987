//! Sessions, as a backend manages them.

use aws_lc_rs::constant_time;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request, cookies::session_cookies},
    model::{Client, SECOND, Session, SessionStatus, User},
    store::links,
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let (user_id, client_id) = (request.query.filled("user_id"), request.query.filled("client_id"));
    let status = request.query.filled("status");
    let mut sessions = match (user_id, client_id) {
        (Some(user_id), _) => cx.store.of::<Session>(user_id)?,
        (None, Some(client_id)) => cx.store.linked::<Session>(&links::CLIENT, &[client_id])?,
        (None, None) => return Err(ApiError::missing("user_id").into()),
    };
    sessions.retain(|session| client_id.is_none_or(|id| session.client_id == id));
    let sessions: Result<Vec<Value>, Error> = sessions
        .iter()
        .rev()
        .map(|session| view::backend_session(cx, session))
        .collect();
    let mut sessions = sessions?;
    sessions.retain(|session| status.is_none_or(|status| session["status"] == status));
    Ok(request.bare_or_paginated(&sessions))
}

/// Creates a session without a browser, for tests.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let user_id = request.body.required("user_id")?;
    let mut user = cx
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let mut client = Client::new(cx.real_now);
    let mut session = cx.start_session(&mut client, &mut user, "backend")?;
    if let Some(organization) = request.body.filled("active_organization_id") {
        cx.activate_organization(&mut session, Some(organization))?;
        cx.store.put(&session)?;
    }
    cx.store.put(&client)?;
    Ok(Reply::json(&view::backend_session(cx, &session)?))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::backend_session(cx, &find(cx, request)?)?))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut session = find(cx, request)?;
    if session.is_active(cx.now) {
        cx.close_session(&mut session, SessionStatus::Revoked)?;
    }
    Ok(Reply::json(&view::backend_session(cx, &session)?))
}

pub(super) fn create_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let session = active(cx, request)?;
    let lifetime = request.body.number_in("expires_in_seconds", 30..=315_360_000)?;
    Ok(Reply::json(&view::backend_token(cx, &session, lifetime)?))
}

pub(super) fn create_template_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let session = active(cx, request)?;
    let user = cx
        .store
        .get::<User>(&session.user_id)?
        .ok_or_else(ApiError::authentication_invalid)?;
    let lifetime = request.body.number_in("expires_in_seconds", 30..=315_360_000)?;
    let token = view::template_token(cx, &session, &user, &request.path("template"), lifetime, None)?;
    Ok(Reply::json(&token))
}

/// Finds the session of a session token. Earlier versions of the Backend API have this.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let session = active(cx, request)?;
    let claims = cx.keys.verified_claims(request.body.required("token")?);
    let is_valid = |claims: &Value| {
        let expires = claims["exp"].as_i64().unwrap_or_default();
        claims["sid"] == session.id.as_str() && expires > cx.real_now / SECOND
    };
    if !claims.as_ref().is_some_and(is_valid) {
        let message = "The token provided could not be successfully verified";
        return Err(ApiError::bad_request("invalid_session_token", message).into());
    }
    Ok(Reply::json(&view::backend_session(cx, &session)?))
}

/// Issues new cookies, or a token alone, to an app's server that has the session's refresh token.
pub(super) fn refresh(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let session = active(cx, request)?;
    let refresh_token = request.body.required("refresh_token")?;
    if constant_time::verify_slices_are_equal(session.refresh_token.as_bytes(), refresh_token.as_bytes())
        .is_err()
    {
        return Err(ApiError::bad_request("invalid_refresh_token", "The refresh token is invalid.").into());
    }
    let azp = request.body.filled("request_origin").unwrap_or(&cx.url.app);
    if request.body.filled("format") != Some("cookie") {
        let token = view::session_token(cx, &session, Some(azp))?;
        return Ok(Reply::json(&json!({ "object": "token", "jwt": token })));
    }
    let cookies = session_cookies(cx, &session, azp)?;
    Ok(Reply::json(&json!({ "object": "cookies", "cookies": cookies })))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<Session, Error> {
    let id = request.path("id");
    Ok(cx
        .store
        .get::<Session>(&id)?
        .ok_or_else(|| ApiError::not_found("session", &id))?)
}

fn active(cx: &Context<'_>, request: &Request) -> Result<Session, Error> {
    let session = find(cx, request)?;
    if session.is_active(cx.now) {
        return Ok(session);
    }
    Err(ApiError::bad_request(
        "session_not_active",
        format!("The session {} is not active.", session.id),
    )
    .into())
}
