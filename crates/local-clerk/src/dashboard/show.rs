//! The content of the page.

use maud::{Markup, html};

use crate::{
    domain::Context,
    environment::{env_file, environment, with_further_names},
    error::Error,
    http::{Reply, Request},
    model::{DAY, MINUTE, Message, Organization, SECOND, Session, User, Webhook},
    store::Document,
    view,
    webhooks::Delivery,
};

use super::{
    html::{button, copyable, two_lines},
    settings,
    template::{Page, Rows, document},
};

/// How many of the latest users and organizations are shown.
const MAX_ROWS: usize = 1000;
/// How many of the latest webhooks are shown.
const MAX_DELIVERIES: usize = 100;

/// Renders the page; `error` is shown above the settings form.
pub(super) fn page(cx: &Context<'_>, request: &Request, error: &str) -> Result<Reply, Error> {
    let users = latest::<User>(cx)?;
    let messages = cx.store.all::<Message>()?;
    let organizations = latest::<Organization>(cx)?;
    let deliveries = cx.store.all::<Delivery>()?;
    let user_rows = users
        .iter()
        .map(|user| user_row(cx, user))
        .collect::<Result<Vec<Markup>, Error>>()?;
    let mut warnings = Vec::new();
    for user in &users {
        warnings.extend(warning(cx, user)?);
    }
    let seed = request.shared.seed();
    let environment = environment(cx.keys, cx.own);
    let html = document(&Page {
        instance: cx.keys.instance.name(),
        app: &cx.url.app,
        error,
        users: Rows {
            total: cx.store.count::<User>()?,
            ..rows(user_rows)
        },
        warnings: html! { @for warning in &warnings { p.problem role="alert" { (warning) } } },
        passwords: html! {
            @for (identifier, password) in seed.passwords() {
                tr { td { (identifier) } td { code { (password) } } }
            }
        },
        messages: rows(messages.iter().rev().map(|one| message_row(one, cx.now))),
        organizations: Rows {
            total: cx.store.count::<Organization>()?,
            ..rows(organizations.iter().map(organization_row))
        },
        endpoints: rows(cx.store.all::<Webhook>()?.iter().map(endpoint_row)).rows,
        deliveries: rows(
            deliveries
                .iter()
                .rev()
                .take(MAX_DELIVERIES)
                .map(|one| delivery_row(one, cx.now)),
        ),
        keys: html! {
            @for (name, value) in &environment { tr { td { (name) } td { (copyable(value)) } } }
        },
        environment: &env_file(with_further_names(cx.keys, cx.own)),
        settings: settings::fields(&cx.settings()?)?,
    });
    Ok(Reply::bytes("text/html; charset=utf-8", html.into_string()))
}

/// Returns the latest documents of a kind, oldest first.
fn latest<D: Document>(cx: &Context<'_>) -> Result<Vec<D>, Error> {
    let mut latest = cx.store.page::<D>(true, 0, MAX_ROWS)?;
    latest.reverse();
    Ok(latest)
}

fn rows(rows: impl IntoIterator<Item = Markup>) -> Rows {
    let rows: Vec<Markup> = rows.into_iter().collect();
    Rows {
        count: rows.len(),
        total: rows.len(),
        rows: html! { @for row in &rows { (row) } },
    }
}

fn user_row(cx: &Context<'_>, user: &User) -> Result<Markup, Error> {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let subscription = cx.subscription(&user.id)?;
    let plan = subscription
        .as_ref()
        .and_then(|subscription| subscription.active_plan(cx.now))
        .map_or("", |plan| &plan.name);
    let last_sign_in = user
        .last_sign_in_at
        .map_or_else(|| "never".to_owned(), |at| ago(cx.now - at));
    let image_url = view::image_url(cx, user);
    Ok(html! {
        tr {
            td { div.who { img src=(image_url) alt=""; span { (two_lines(&name, &user.id)) } } }
            td { (user.identifier()) }
            td { (plan) }
            td { (last_sign_in) }
            td { (button(&format!("/users/{}/sign-in", user.id), "Sign in as")) }
        }
    })
}

/// Says that the user's session token does not fit into a cookie.
fn warning(cx: &Context<'_>, user: &User) -> Result<Option<String>, Error> {
    let sessions = cx.store.of::<Session>(&user.id)?;
    let Some(session) = sessions.iter().rev().find(|session| session.is_active(cx.now)) else {
        return Ok(None);
    };
    let length = view::excessive_cookie(cx, session)?;
    Ok(length.map(|length| {
        format!(
            "The session token of {} is too long: its cookie has {length} bytes, and browsers drop one of more than \
             {MAX_COOKIE}. Pages then redirect without end. Shorten its claims, such as those of the setting \
             session_token.",
            user.identifier(),
            MAX_COOKIE = view::MAX_COOKIE,
        )
    }))
}

fn organization_row(organization: &Organization) -> Markup {
    html! {
        tr {
            td { (two_lines(&organization.name, &organization.id)) }
            td { (organization.slug) }
            td { (organization.memberships.len()) }
        }
    }
}

fn message_row(message: &Message, now: i64) -> Markup {
    html! {
        tr {
            td { (message.to) }
            td { (message.subject) }
            td { (ago(now - message.created_at)) }
            td {
                @match &message.link {
                    Some(link) => a href=(link) target="_blank" { "Open the link" },
                    None if message.code.is_empty() => {},
                    None => (copyable(&message.code)),
                }
            }
        }
    }
}

fn endpoint_row(endpoint: &Webhook) -> Markup {
    let events = endpoint.events.as_ref();
    html! {
        tr {
            td { (two_lines(&endpoint.url, &endpoint.id)) }
            td { (events.map_or_else(|| "all".to_owned(), |events| events.join(", "))) }
            td { @if endpoint.paused { "paused" } }
        }
    }
}

fn delivery_row(delivery: &Delivery, now: i64) -> Markup {
    let mut status = delivery.status().to_owned();
    if delivery.is_pending() {
        let seconds = (delivery.next_attempt_at - now).max(0) / SECOND;
        status = match seconds {
            0 => "sending".to_owned(),
            1..60 => format!("retry in {seconds} s"),
            _ => format!("retry in {} min", seconds / 60),
        };
    }
    html! {
        tr {
            td { (two_lines(&delivery.event_type, delivery.svix_id())) }
            td { (ago(now - delivery.created_at)) }
            td { (two_lines(&status, &delivery.outcome)) }
            td { (delivery.attempts) }
            td { (button(&format!("/webhooks/{}/send", delivery.id), "Send again")) }
        }
    }
}

fn ago(milliseconds: i64) -> String {
    match milliseconds {
        ..MINUTE => "just now".to_owned(),
        time if time < 60 * MINUTE => format!("{} min ago", time / MINUTE),
        time if time < DAY => format!("{} h ago", time / (60 * MINUTE)),
        time => format!("{} d ago", time / DAY),
    }
}
