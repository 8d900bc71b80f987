//! The developer's page: users, the mailbox, keys to copy, and a reset.

use http::{Method, StatusCode, header};

use super::{
    call::{Call, Route},
    errors::{ApiError, Error},
    keys::StoredKeys,
    mailbox::Message,
    model::{MINUTE, User},
    reply::Reply,
    settings::Settings,
    start,
};

pub(super) const ROUTES: &[Route] = &[
    (Method::GET, "/", show),
    (Method::POST, "/reset", reset),
    (Method::POST, "/settings", save_settings),
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
