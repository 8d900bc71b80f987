//! The developer's page: users, the mailbox, keys to copy, and a reset.

use http::{Method, StatusCode, header};

use super::{
    call::{Call, Route},
    errors::{ApiError, Error},
    keys::StoredKeys,
    mailbox::Message,
    model::{MINUTE, SECOND, User},
    reply::Reply,
    settings::Settings,
    start,
    webhooks::Delivery,
};

pub(super) const ROUTES: &[Route] = &[
    (Method::GET, "/", show),
    (Method::POST, "/reset", reset),
    (Method::POST, "/settings", save_settings),
    (Method::POST, "/webhooks/{id}/send", send_webhook),
];

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                                       form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

fn show(call: &mut Call<'_>) -> Result<Reply, Error> {
    let (users, messages) = (call.store.all::<User>()?, call.store.all::<Message>()?);
    let mut user_rows = String::new();
    for user in &users {
        let names = [user.first_name.as_deref(), user.last_name.as_deref()];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let subscription = call.subscription(&user.id)?;
        let plan = subscription
            .as_ref()
            .and_then(|subscription| subscription.active_plan(call.now));
        let plan = plan.map_or("", |plan| &plan.name);
        user_rows += &row(&[&name, user.identifier(), plan, &user.id]);
    }
    let mut message_rows = String::new();
    for message in messages.iter().rev() {
        let age = ((call.now - message.created_at) / MINUTE).to_string();
        message_rows += &row(&[&message.to, &message.subject, &age, &message.code]);
    }
    let passwords: String = call
        .shared
        .seed
        .passwords()
        .map(|(identifier, password)| row(&[identifier, password]))
        .collect();
    let deliveries = call.store.all::<Delivery>()?;
    let delivery_rows: String = deliveries
        .iter()
        .rev()
        .map(|one| delivery_row(one, call.now))
        .collect();
    let environment: Vec<String> = start::environment(call.keys, &call.shared.own)
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let html = fill(
        TEMPLATE,
        &[
            ("style", STYLE),
            ("instance", call.keys.instance.name()),
            ("user_count", &users.len().to_string()),
            ("users", &user_rows),
            ("passwords", &passwords),
            ("message_count", &messages.len().to_string()),
            ("messages", &message_rows),
            ("delivery_count", &deliveries.len().to_string()),
            ("deliveries", &delivery_rows),
            (
                "multi_session",
                if call.settings()?.multi_session {
                    " checked"
                } else {
                    ""
                },
            ),
            ("environment", &escape(&environment.join("\n"))),
        ],
    );
    Ok(Reply::bytes("text/html; charset=utf-8", html)
        .with_header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
}

/// Forgets everything but the keys.
fn reset(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    call.store.clear_except::<StoredKeys>()?;
    call.shared.seed.plant(&call.store, call.now)?;
    Ok(back())
}

fn save_settings(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    let multi_session = call.body.flag("multi_session").unwrap_or(false);
    call.store.put(&Settings {
        multi_session,
        ..call.settings()?
    })?;
    Ok(back())
}

/// Sends a webhook again, at once.
fn send_webhook(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    let id = call.path("id");
    let mut delivery = call
        .store
        .get::<Delivery>(&id)?
        .ok_or_else(|| ApiError::not_found("webhook", &id))?;
    delivery.send_again(call.now);
    call.store.put(&delivery)?;
    if let Some(webhooks) = &call.shared.webhooks {
        webhooks.wake();
    }
    Ok(back())
}

/// Only this page's own forms may change anything.
fn check_origin(call: &Call<'_>) -> Result<(), ApiError> {
    let text = |name| call.headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) if origin.strip_prefix("http://") == Some(host) => Ok(()),
        _ => {
            let why = "Only the local Clerk's own page does that.";
            Err(ApiError::new(StatusCode::FORBIDDEN, "origin_invalid", why))
        }
    }
}

fn back() -> Reply {
    Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, "/")
}

/// Puts values in the places of a template, in one pass: a value's own braces stay as they are.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    for part in template.split("{{") {
        match part.split_once("}}") {
            Some((name, rest)) => {
                filled.extend(
                    values
                        .iter()
                        .filter(|(known, _)| *known == name)
                        .map(|(_, value)| *value),
                );
                filled += rest;
            }
            None => filled += part,
        }
    }
    filled
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{}</td>", escape(cell)))
        .collect();
    format!("<tr>{cells}</tr>")
}

fn delivery_row(delivery: &Delivery, now: i64) -> String {
    let next = match (delivery.next_attempt_at - now).max(0) / SECOND {
        _ if !delivery.is_pending() => String::new(),
        seconds @ 0..60 => format!("in {seconds} s"),
        seconds => format!("in {} min", seconds / 60),
    };
    let cells = row(&[
        &delivery.event_type,
        delivery.status(),
        &delivery.attempts.to_string(),
        &delivery.outcome,
        &next,
    ]);
    let form = format!(
        "<td><form method=\"post\" action=\"/webhooks/{}/send\"><button class=\"plain\">Send again</button></form></td></tr>",
        escape(&delivery.id)
    );
    cells.replace("</tr>", &form)
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        assert_eq!(
            fill("a {{x}} b {{y}}{{gone}}.", &[("x", "{{y}}"), ("y", "2")]),
            "a {{y}} b 2."
        );
        assert_eq!(row(&["<b>", "&"]), "<tr><td>&lt;b&gt;</td><td>&amp;</td></tr>");
    }
}
