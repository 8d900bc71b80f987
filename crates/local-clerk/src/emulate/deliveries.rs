//! What was sent to the endpoints for webhooks, and what is still to be sent.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{Webhook, event_matches},
    webhooks::{Delivery, send_all},
};

use super::{body, list_of, no_parameters, webhooks::check_event_pattern};

/// How long a request waits until nothing is due any more.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Lists deliveries, newest first; with `wait=idle`, as soon as nothing is to be sent now.
pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&["type", "wait"])?;
    let awaits_idle = match request.query.filled("wait") {
        None => false,
        Some("idle") => true,
        Some(_) => return Err(ApiError::value_invalid("wait", "wait must be idle.").into()),
    };
    let mut deliveries = cx.store.all::<Delivery>()?;
    if let Some(pattern) = request.query.filled("type") {
        check_event_pattern("type", pattern)?;
        deliveries.retain(|delivery| event_matches(pattern, &delivery.event_type));
    }
    let reply = list_of(&deliveries.iter().rev().map(render).collect::<Vec<_>>());
    if awaits_idle && Delivery::is_any_due(&cx.store, cx.now)? {
        return Ok(reply.awaited_for(MAX_WAIT));
    }
    Ok(reply)
}

/// Sends an event again, to the endpoint that it was for and with the same `svix-id`.
pub(super) fn resend(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let mut delivery: Delivery = request.load(cx, "id", "delivery")?;
    if cx.store.get::<Webhook>(&delivery.webhook_id)?.is_none() {
        return Err(ApiError::not_found("webhook endpoint", &delivery.webhook_id).into());
    }
    delivery.send_again(cx.now);
    cx.store.put(&delivery)?;
    request.shared.webhooks.wake();
    Ok(Reply::json(&render(&delivery)))
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Forward,
    Reverse,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flush {
    #[serde(default)]
    order: Order,
}

/// Sends everything that is pending, whether it is paused or waits for another attempt.
pub(super) fn flush(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let Flush { order } = body(request)?;
    let count = send_all(&cx.store, order == Order::Reverse, cx.now)?;
    request.shared.webhooks.wake();
    Ok(Reply::json(&json!({ "flushed": count })))
}

fn render(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "svix_id": delivery.svix_id(),
        "webhook_id": delivery.webhook_id,
        "type": delivery.event_type,
        "status": delivery.status(),
        "attempts": delivery.attempts,
        "outcome": Some(&delivery.outcome).filter(|outcome| !outcome.is_empty()),
        "created_at": delivery.created_at,
    })
}
