//! The endpoints that webhooks are sent to.

use http::StatusCode;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    id,
    keys::check_webhook_signing_secret,
    model::{AllowedHosts, Webhook, is_event_pattern, is_web},
    webhooks::Delivery,
};

use super::{body, list_of, no_parameters, present};

const WHAT: &str = "webhook endpoint";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    url: String,
    events: Option<Vec<String>>,
    secret: Option<String>,
    #[serde(default)]
    paused: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    url: Option<String>,
    /// `Some(None)` for all.
    #[serde(default, deserialize_with = "present")]
    events: Option<Option<Vec<String>>>,
    /// `Some(None)` for that of the instance.
    #[serde(default, deserialize_with = "present")]
    secret: Option<Option<String>>,
    paused: Option<bool>,
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let webhooks = cx.store.all::<Webhook>()?;
    let webhooks = webhooks.iter().map(|webhook| render(cx, webhook));
    Ok(list_of(&webhooks.collect::<Vec<_>>()))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let new: NewWebhook = body(request)?;
    let webhook = Webhook {
        id: id::new("ep", cx.now),
        url: new.url,
        events: new.events,
        secret: new.secret,
        paused: new.paused,
        created_at: cx.now,
    };
    check(&webhook, &request.shared.hosts)?;
    cx.store.put(&webhook)?;
    Ok(Reply::json(&render(cx, &webhook)).with_status(StatusCode::CREATED))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let webhook: Webhook = request.load(cx, "id", WHAT)?;
    Ok(Reply::json(&render(cx, &webhook)))
}

/// Changes an endpoint. What was not sent because it was paused is sent when it no longer is.
pub(super) fn change(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let change: Change = body(request)?;
    let mut webhook: Webhook = request.load(cx, "id", WHAT)?;
    if webhook.is_configured() && change.url.as_ref().is_some_and(|url| *url != webhook.url) {
        let message = "The url of this endpoint is that of LOCAL_CLERK_WEBHOOK_URL.";
        return Err(ApiError::value_invalid("url", message).into());
    }
    webhook.url = change.url.unwrap_or(webhook.url);
    webhook.events = change.events.unwrap_or(webhook.events);
    webhook.secret = change.secret.unwrap_or(webhook.secret);
    webhook.paused = change.paused.unwrap_or(webhook.paused);
    check(&webhook, &request.shared.hosts)?;
    cx.store.put(&webhook)?;
    request.shared.webhooks.wake();
    Ok(Reply::json(&render(cx, &webhook)))
}

/// Deletes an endpoint, and what was not sent there yet.
pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let webhook: Webhook = request.load(cx, "id", WHAT)?;
    if webhook.is_configured() {
        let message = "This endpoint is configured by LOCAL_CLERK_WEBHOOK_URL: pause it instead.";
        return Err(ApiError::new(ErrorKind::Conflict, "webhook_configured", message).into());
    }
    for delivery in Delivery::pending(&cx.store)? {
        if delivery.webhook_id == webhook.id {
            cx.store.delete::<Delivery>(&delivery.id)?;
        }
    }
    cx.store.delete::<Webhook>(&webhook.id)?;
    Ok(Reply::json(&json!({ "deleted": 1 })))
}

fn check(webhook: &Webhook, hosts: &AllowedHosts) -> Result<(), ApiError> {
    let url = Url::parse(&webhook.url).ok();
    if !url.is_some_and(|url| is_web(&url) && hosts.allow(&url)) {
        let message = "url must lead to a loopback host or one of LOCAL_CLERK_ALLOWED_HOSTS, such as http://localhost:3000/api/webhooks.";
        return Err(ApiError::value_invalid("url", message));
    }
    let events = webhook.events.as_ref();
    if events.is_some_and(Vec::is_empty) {
        let message = "events must not be empty: without it, all events are sent.";
        return Err(ApiError::value_invalid("events", message));
    }
    for pattern in events.into_iter().flatten() {
        check_event_pattern("events", pattern)?;
    }
    match webhook.secret.as_deref().map(check_webhook_signing_secret) {
        Some(Err(rule)) => Err(ApiError::value_invalid("secret", format!("secret {rule}."))),
        _ => Ok(()),
    }
}

/// Refuses a pattern that matches none of Clerk's events. `param` names the parameter.
pub(super) fn check_event_pattern(param: &str, pattern: &str) -> Result<(), ApiError> {
    if is_event_pattern(pattern) {
        return Ok(());
    }
    let message = format!(
        "{param} must be the type of one of Clerk's events, such as user.created, or the start of types and *, such as \
         user.*. There is no {pattern}."
    );
    Err(ApiError::value_invalid(param, message))
}

fn render(cx: &Context<'_>, webhook: &Webhook) -> Value {
    let secret = webhook.secret.as_deref();
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "secret": secret.unwrap_or_else(|| cx.keys.webhook_secret.expose_secret()),
        "paused": webhook.paused,
        "created_at": webhook.created_at,
    })
}
