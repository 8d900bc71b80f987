//! The allow list and the block list.

use serde_json::Value;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    identifiers::{parse_email_address, parse_phone_number},
    mailbox,
    reply::Reply,
    restrictions::{List, ListedIdentifier},
    view,
};

pub(super) fn list(call: &mut Call<'_>, list: List) -> Result<Reply, Error> {
    let lines = call.store.of::<ListedIdentifier>(list.object())?;
    let lines: Vec<Value> = lines
        .iter()
        .rev()
        .map(|line| line.json(&call.keys.instance_id))
        .collect();
    Ok(match list {
        List::Allow => call.bare_or_paginated(&lines),
        List::Block => call.paginated(&lines),
    })
}

pub(super) fn create(call: &mut Call<'_>, list: List) -> Result<Reply, Error> {
    let text = call.body.required("identifier")?;
    let identifier = match text.strip_prefix('*') {
        // All of a domain.
        Some(domain) => parse_email_address(&format!("all{domain}"), "identifier")?.replacen("all", "*", 1),
        None if text.contains('@') => parse_email_address(text, "identifier")?,
        None => parse_phone_number(text, "identifier")?,
    };
    let line = ListedIdentifier::new(list, &identifier, call.now);
    let json = line.json(&call.keys.instance_id);
    let known = call.store.of::<ListedIdentifier>(list.object())?;
    if known
        .iter()
        .any(|known| known.json(&call.keys.instance_id)["identifier"] == json["identifier"])
    {
        let why = format!("{identifier} is on the list already.");
        return Err(ApiError::form("duplicate_record", "identifier", why).into());
    }
    if list == List::Allow && call.body.flag("notify") == Some(true) && !identifier.starts_with('*') {
        let link = format!("{}/sign-up", call.url.app);
        mailbox::send_link(call, &identifier, "You may sign up now", &link)?;
    }
    call.store.put(&line)?;
    Ok(Reply::json(&json))
}

pub(super) fn delete(call: &mut Call<'_>, list: List) -> Result<Reply, Error> {
    let line: ListedIdentifier = call.named("identifier_id", "identifier")?;
    if !line.is_on(list) {
        return Err(ApiError::not_found("identifier", &line.id).into());
    }
    call.store.delete::<ListedIdentifier>(&line.id)?;
    Ok(Reply::json(&view::deleted(list.object(), &line.id)))
}
