//! Clients.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{Client, DAY, SignInStatus},
    view,
};

pub(crate) fn client(cx: &Context<'_>, client: &Client) -> Result<Value, Error> {
    let mut sessions = Vec::new();
    for (session, user) in cx.sessions_of(client)? {
        sessions.push(view::session(cx, &session, &user)?);
    }
    let sign_in = client
        .sign_in
        .as_ref()
        .filter(|attempt| attempt.status != SignInStatus::Complete && attempt.abandon_at > cx.now);
    let sign_in = sign_in.map(|attempt| view::sign_in(cx, attempt)).transpose()?;
    let sign_up = client
        .sign_up
        .as_ref()
        .filter(|attempt| !attempt.is_complete() && attempt.abandon_at > cx.now);
    Ok(json!({
        "object": "client",
        "id": client.id,
        "sessions": sessions,
        "sign_in": sign_in,
        "sign_up": sign_up.map(|attempt| view::sign_up(cx, attempt)).transpose()?,
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": client.last_authentication_strategy,
        "cookie_expires_at": cx.real_now + 365 * DAY,
        "captcha_bypass": true,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    }))
}
