//! What the page shows.

use crate::{
    domain::Context,
    environment,
    error::Error,
    http::{Reply, Request},
    model::{DAY, MINUTE, Message, Organization, SECOND, User},
    view,
    webhooks::Delivery,
};

use super::{
    html::{button, escape, fill, row, two_lines},
    settings,
};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// The page, with what is wrong with the form that was sent.
pub(super) fn page(cx: &Context<'_>, request: &Request, problem: &str) -> Result<Reply, Error> {
    let users = cx.store.all::<User>()?;
    let messages = cx.store.all::<Message>()?;
    let organizations = cx.store.all::<Organization>()?;
    let deliveries = cx.store.all::<Delivery>()?;
    let user_rows = users
        .iter()
        .map(|user| user_row(cx, user))
        .collect::<Result<String, Error>>()?;
    let message_rows: String = messages
        .iter()
        .rev()
        .map(|one| message_row(one, cx.now))
        .collect();
    let organization_rows: String = organizations.iter().map(organization_row).collect();
    let delivery_rows: String = deliveries
        .iter()
        .rev()
        .map(|one| delivery_row(one, cx.now))
        .collect();
    let passwords: String = request
        .shared
        .seed
        .passwords()
        .map(|(identifier, password)| {
            row(&[escape(identifier), format!("<code>{}</code>", escape(password))])
        })
        .collect();
    let environment = environment::environment(cx.keys, cx.own);
    let keys: String = environment
        .iter()
        .map(|(name, value)| row(&[escape(name), copied(value)]))
        .collect();
    let lines: Vec<String> = environment
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let html = fill(
        TEMPLATE,
        &[
            ("style", STYLE),
            ("problem", &escape(problem)),
            ("instance", cx.keys.instance.name()),
            ("app", &escape(&cx.url.app)),
            ("user_count", &users.len().to_string()),
            ("users", &user_rows),
            ("passwords", &passwords),
            ("message_count", &messages.len().to_string()),
            ("messages", &message_rows),
            ("organization_count", &organizations.len().to_string()),
            ("organizations", &organization_rows),
            ("delivery_count", &deliveries.len().to_string()),
            ("deliveries", &delivery_rows),
            ("keys", &keys),
            ("environment", &escape(&lines.join("\n"))),
            ("settings", &settings::fields(&cx.settings()?)?),
        ],
    );
    Ok(Reply::bytes("text/html; charset=utf-8", html))
}

fn user_row(cx: &Context<'_>, user: &User) -> Result<String, Error> {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let subscription = cx.subscription(&user.id)?;
    let plan = subscription
        .as_ref()
        .and_then(|subscription| subscription.active_plan(cx.now))
        .map_or("", |plan| &plan.name);
    let seen = user
        .last_sign_in_at
        .map_or_else(|| "never".to_owned(), |at| ago(cx.now - at));
    let picture = format!("<img src=\"{}\" alt=\"\">", escape(&view::image_url(cx, user)));
    Ok(row(&[
        format!(
            "<div class=\"who\">{picture}<span>{}</span></div>",
            two_lines(&name, &user.id)
        ),
        escape(user.identifier()),
        escape(plan),
        seen,
        button(&format!("/users/{}/sign-in", user.id), "Sign in as"),
    ]))
}

fn organization_row(organization: &Organization) -> String {
    row(&[
        two_lines(&organization.name, &organization.id),
        escape(&organization.slug),
        organization.memberships.len().to_string(),
    ])
}

fn message_row(message: &Message, now: i64) -> String {
    let content = match &message.link {
        Some(link) => format!("<a href=\"{}\" target=\"_blank\">Open the link</a>", escape(link)),
        None => copied(&message.code),
    };
    row(&[
        escape(&message.to),
        escape(&message.subject),
        ago(now - message.created_at),
        content,
    ])
}

fn delivery_row(delivery: &Delivery, now: i64) -> String {
    let mut status = delivery.status().to_owned();
    if delivery.is_pending() {
        let seconds = (delivery.next_attempt_at - now).max(0) / SECOND;
        status = match seconds {
            0 => "on its way".to_owned(),
            1..60 => format!("again in {seconds} s"),
            _ => format!("again in {} min", seconds / 60),
        };
    }
    row(&[
        two_lines(&delivery.event_type, &delivery.id),
        ago(now - delivery.created_at),
        two_lines(&status, &delivery.outcome),
        delivery.attempts.to_string(),
        button(&format!("/webhooks/{}/send", delivery.id), "Send again"),
    ])
}

/// A value with a button that copies it.
fn copied(value: &str) -> String {
    let value = escape(value);
    format!(
        "<div class=\"copied\"><code>{value}</code><button type=\"button\" data-copy=\"{value}\">Copy</button></div>"
    )
}

fn ago(milliseconds: i64) -> String {
    match milliseconds {
        ..MINUTE => "just now".to_owned(),
        time if time < 60 * MINUTE => format!("{} min ago", time / MINUTE),
        time if time < DAY => format!("{} h ago", time / (60 * MINUTE)),
        time => format!("{} d ago", time / DAY),
    }
}
