//! The mailbox.

use std::{ops::RangeInclusive, time::Duration};

use serde_json::{Value, json};

use crate::{
    domain::{Context, identifiers::normalize},
    error::{ApiError, Error},
    http::{Reply, Request},
    model::Message,
};

use super::list_of;

/// How long a request may wait, in seconds.
const WAITS: RangeInclusive<i64> = 0..=60;

/// Lists messages, newest first; waits for one if there is none.
pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&["to", "since", "wait"])?;
    let wait = request.query.number_in("wait", WAITS)?;
    let messages = selected(cx, request)?;
    let reply = list_of(&messages.iter().rev().map(message).collect::<Vec<_>>());
    Ok(match wait {
        Some(seconds) if messages.is_empty() => {
            reply.awaited_for(Duration::from_secs(seconds.unsigned_abs()))
        }
        _ => reply,
    })
}

/// Deletes messages: all, or those that the parameters select.
pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&["to", "since"])?;
    let messages = selected(cx, request)?;
    for message in &messages {
        cx.store.delete::<Message>(&message.id)?;
    }
    Ok(Reply::json(&json!({ "deleted": messages.len() })))
}

/// The messages to the address or number `to`, since a time or after another message; oldest first.
fn selected(cx: &Context<'_>, request: &Request) -> Result<Vec<Message>, Error> {
    let mut messages = cx.store.all::<Message>()?;
    if let Some(since) = request.query.filled("since") {
        let known = messages.iter().position(|message| message.id == since);
        match (known, since.parse::<i64>()) {
            (Some(position), _) => drop(messages.drain(..=position)),
            (None, Ok(time)) => messages.retain(|message| message.created_at >= time),
            (None, Err(_)) => {
                let text =
                    "since must be a time in milliseconds since 1970, or the id of a message in the mailbox.";
                return Err(ApiError::value_invalid("since", text).into());
            }
        }
    }
    if let Some(to) = request.query.filled("to") {
        let to = normalize(to);
        messages.retain(|message| normalize(&message.to) == to);
    }
    Ok(messages)
}

fn message(message: &Message) -> Value {
    json!({
        "id": message.id,
        "to": message.to,
        "subject": message.subject,
        "kind": message.kind,
        "code": Some(&message.code).filter(|code| !code.is_empty()),
        "link": message.link,
        "created_at": message.created_at,
    })
}
