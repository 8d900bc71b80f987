//! The allowlist and the blocklist.

use serde_json::Value;

use crate::{
    domain::{
        Context,
        identifiers::{parse_email_address, parse_phone_number},
        mailbox,
    },
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{List, ListedIdentifier, MessageKind},
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request, list: List) -> Result<Reply, Error> {
    let entries = cx.store.of::<ListedIdentifier>(list.object())?;
    let entries: Vec<Value> = entries
        .iter()
        .rev()
        .map(|entry| view::listed_identifier(entry, &cx.keys.instance_id))
        .collect();
    Ok(match list {
        List::Allow => request.bare_or_paginated(&entries),
        List::Block => request.paginated(&entries),
    })
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request, list: List) -> Result<Reply, Error> {
    let text = request.body.required("identifier")?;
    let identifier = match text.strip_prefix('*') {
        // A whole domain.
        Some(domain) => parse_email_address(&format!("all{domain}"), "identifier")?.replacen("all", "*", 1),
        None if text.contains('@') => parse_email_address(text, "identifier")?,
        None => parse_phone_number(text, "identifier")?,
    };
    let entry = ListedIdentifier::new(list, &identifier, cx.now);
    let json = view::listed_identifier(&entry, &cx.keys.instance_id);
    let known = cx.store.of::<ListedIdentifier>(list.object())?;
    if known.iter().any(|known| known.identifier == entry.identifier) {
        let message = format!("{identifier} is already on the list.");
        return Err(ApiError::form("duplicate_record", "identifier", message).into());
    }
    if list == List::Allow && request.body.flag("notify") == Some(true) && !identifier.starts_with('*') {
        let link = format!("{}/sign-up", cx.url.app);
        mailbox::send_link(
            cx,
            &identifier,
            MessageKind::Invitation,
            "You may sign up now",
            &link,
        )?;
    }
    cx.store.put(&entry)?;
    Ok(Reply::json(&json))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request, list: List) -> Result<Reply, Error> {
    let entry: ListedIdentifier = request.load(cx, "identifier_id", "identifier")?;
    if entry.list != list {
        return Err(ApiError::not_found("identifier", &entry.id).into());
    }
    cx.store.delete::<ListedIdentifier>(&entry.id)?;
    Ok(Reply::json(&view::deleted(list.object(), &entry.id)))
}
