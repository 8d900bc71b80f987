//! Clients and dev browsers.

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    keys::Instance,
    model::{Client, DevBrowser, Session, SessionStatus},
    view,
};

use super::{answer, browser};

pub(super) fn create_dev_browser(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    if cx.keys.instance == Instance::Production {
        return Err(ApiError::unknown_path().into());
    }
    let dev_browser = DevBrowser::new(cx.now);
    cx.store.put(&dev_browser)?;
    // Unlike those of all other replies, its times are texts.
    let created_at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(cx.now) * 1_000_000).ok();
    let created_at = created_at.and_then(|time| time.format(&Rfc3339).ok());
    Ok(Reply::json(&json!({
        "id": dev_browser.id,
        "instance_id": cx.keys.instance_id,
        "client_id": null,
        "token": dev_browser.id,
        "home_origin": null,
        "created_at": created_at,
        "updated_at": created_at,
    })))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    if browser::is_native(request) {
        // The SDKs of native apps expect a client in the first reply.
        return create(cx, request);
    }
    let client = browser::client(cx, request)?
        .map(|client| view::client(cx, &client))
        .transpose()?;
    Ok(answer::without_client(&json!(client)))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let client = browser::client_or_new(cx, request)?;
    let client = view::client(cx, &client)?;
    Ok(answer::without_client(&json!(client)))
}

/// Renews the client's cookie, for browsers that shorten the lifetime of cookies.
pub(super) fn touch(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let param = "redirect_url";
    let target = cx
        .url
        .parse_redirect(None, request.query.required(param)?, param)?;
    cx.client_token = browser::visiting_client(cx, request)?.map(|client| client.token);
    Ok(Reply::redirect(target.as_str()))
}

/// Signs out, and deletes the client.
pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Some(client) = browser::client(cx, request)? else {
        return Ok(answer::without_client(&Value::Null));
    };
    for (mut session, _) in cx.sessions_of(&client)? {
        session.close(SessionStatus::Removed, cx.now);
        cx.store.put::<Session>(&session)?;
    }
    let deleted = view::client(cx, &client)?;
    cx.store.delete::<Client>(&client.id)?;
    cx.client_token = Some(String::new());
    Ok(answer::without_client(&deleted))
}
