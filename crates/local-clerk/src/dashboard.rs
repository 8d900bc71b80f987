//! The developer's page: users, mailbox, organizations, webhooks, keys, settings and a reset.

mod html;
mod settings;
mod show;
mod template;

use http::{Method, StatusCode, header};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request, Route},
    model::{MINUTE, SignInToken, TicketKind, User},
    webhooks::Delivery,
};

pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, "/", show),
    (Method::GET, "/page.js", script),
    (Method::POST, "/reset", reset),
    (Method::POST, "/settings", save_settings),
    (Method::POST, "/users/{id}/sign-in", sign_in_as),
    (Method::POST, "/webhooks/{id}/send", send_webhook),
];

const SCRIPT: &str = include_str!("dashboard/page.js");

fn show(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    render(cx, request, "")
}

fn script(_: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::bytes("text/javascript", SCRIPT))
}

fn render(cx: &mut Context<'_>, request: &Request, error: &str) -> Result<Reply, Error> {
    cx.recall_url()?;
    // Forms may be answered with a redirect to the app.
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src 'self' data: {app}; \
         form-action 'self' {app}; frame-ancestors 'none'; base-uri 'none'",
        app = cx.url.app
    );
    Ok(show::page(cx, request, error)?.with_header(header::CONTENT_SECURITY_POLICY, &policy))
}

/// Deletes everything but the keys, and applies the seed.
fn reset(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    check_origin(request)?;
    request.shared.reset(cx)?;
    Ok(see_other("/"))
}

fn save_settings(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    check_origin(request)?;
    match settings::changed(cx, request) {
        Ok(settings) => {
            cx.store.put(&settings)?;
            Ok(see_other("/#settings"))
        }
        Err(Error::Api(error)) => {
            Ok(render(cx, request, error.long_message())?.with_status(error.kind.into()))
        }
        Err(error) => Err(error),
    }
}

/// Redirects to the app with a ticket that signs the user in.
fn sign_in_as(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    check_origin(request)?;
    cx.recall_url()?;
    let id = request.path("id");
    if cx.store.get::<User>(&id)?.is_none() {
        return Err(ApiError::not_found("user", &id).into());
    }
    let token = SignInToken::new(TicketKind::SignIn, id, cx.now + 5 * MINUTE, cx.now);
    cx.store.put(&token)?;
    Ok(see_other(&token.url(&cx.url.app)))
}

/// Sends a webhook again immediately.
fn send_webhook(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    check_origin(request)?;
    let id = request.path("id");
    let mut delivery = cx
        .store
        .get::<Delivery>(&id)?
        .ok_or_else(|| ApiError::not_found("webhook", &id))?;
    delivery.send_again(cx.now);
    cx.store.put(&delivery)?;
    request.shared.webhooks.wake();
    Ok(see_other("/#webhooks"))
}

/// Accepts only the forms of this page.
fn check_origin(request: &Request) -> Result<(), ApiError> {
    match (request.header(header::ORIGIN), request.header(header::HOST)) {
        (Some(origin), Some(host)) if origin.strip_prefix("http://") == Some(host) => Ok(()),
        _ => {
            let message = "This request is accepted only from the local Clerk's own page.";
            Err(ApiError::new(ErrorKind::Forbidden, "origin_invalid", message))
        }
    }
}

fn see_other(location: &str) -> Reply {
    Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, location)
}
