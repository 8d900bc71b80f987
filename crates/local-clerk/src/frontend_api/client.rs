//! Clients and dev browsers.

use serde_json::json;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    keys::Instance,
    model::{Client, DevBrowser, Session},
    reply::Reply,
};

pub(super) fn create_dev_browser(call: &mut Call<'_>) -> Result<Reply, Error> {
    if call.keys.instance == Instance::Production {
        return Err(ApiError::unknown_path().into());
    }
    let dev_browser = DevBrowser::new(call.now);
    call.store.put(&dev_browser)?;
    Ok(Reply::json(&json!({
        "object": "dev_browser",
        "id": dev_browser.id,
        "instance_id": call.keys.instance_id,
        "client_id": null,
        "token": dev_browser.id,
        "home_origin": null,
        "created_at": dev_browser.created_at,
        "updated_at": dev_browser.created_at,
    })))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    let client = call
        .client()?
        .map(|client| call.client_json(&client))
        .transpose()?;
    Ok(Reply::json(&json!({ "response": client, "client": null })))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let client = call.client_or_new()?;
    let client = call.client_json(&client)?;
    Ok(Reply::json(&json!({ "response": client, "client": null })))
}

/// Browsers that shorten the life of cookies come by now and then for a new one.
pub(super) fn touch(call: &mut Call<'_>) -> Result<Reply, Error> {
    let param = "redirect_url";
    let target = call.url.way_back(None, call.query.required(param)?, param)?;
    call.client_cookie = call.visiting_client()?.map(|client| client.token);
    Ok(Reply::redirect(target.as_str()))
}

/// Signs out and forgets the browser.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Some(client) = call.client()? else {
        return Ok(Reply::json(&json!({ "response": null, "client": null })));
    };
    for (mut session, _) in call.sessions_of(&client)? {
        session.close("removed", call.now);
        call.store.put::<Session>(&session)?;
    }
    let forgotten = call.client_json(&client)?;
    call.store.delete::<Client>(&client.id)?;
    call.client_cookie = Some(String::new());
    Ok(Reply::json(&json!({ "response": forgotten, "client": null })))
}
