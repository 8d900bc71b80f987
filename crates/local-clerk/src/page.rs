//! The developer's page: users, mailbox, organizations, webhooks, keys, settings and a reset.

mod html;
mod settings;
mod show;
mod template;

use http::{Method, StatusCode, header};

use super::{
    call::{Call, Route},
    errors::{ApiError, Error},
    keys::StoredKeys,
    model::{MINUTE, SignInToken, User},
    reply::Reply,
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

const SCRIPT: &str = include_str!("page/page.js");

fn show(call: &mut Call<'_>) -> Result<Reply, Error> {
    render(call, "")
}

fn script(_: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::bytes("text/javascript", SCRIPT))
}

fn render(call: &mut Call<'_>, error: &str) -> Result<Reply, Error> {
    call.recall_url()?;
    // Forms may be answered with a redirect to the app.
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; img-src 'self' data: {app}; \
         form-action 'self' {app}; frame-ancestors 'none'; base-uri 'none'",
        app = call.url.app
    );
    Ok(show::page(call, error)?.with_header(header::CONTENT_SECURITY_POLICY, &policy))
}

/// Deletes everything but the keys, and applies the seed.
fn reset(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    call.store.clear_except::<StoredKeys>()?;
    call.shared.seed.apply(&call.store, call.now)?;
    Ok(see_other("/"))
}

fn save_settings(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    match settings::changed(call) {
        Ok(settings) => {
            call.store.put(&settings)?;
            Ok(see_other("/#settings"))
        }
        Err(Error::Api(error)) => Ok(render(call, error.long_message())?.with_status(error.status)),
        Err(error) => Err(error),
    }
}

/// Redirects to the app with a ticket that signs the user in.
fn sign_in_as(call: &mut Call<'_>) -> Result<Reply, Error> {
    check_origin(call)?;
    call.recall_url()?;
    let id = call.path("id");
    if call.store.get::<User>(&id)?.is_none() {
        return Err(ApiError::not_found("user", &id).into());
    }
    let token = SignInToken::new("sit", id, None, call.now + 5 * MINUTE, call.now);
    call.store.put(&token)?;
    Ok(see_other(&token.url(&call.url.app)))
}

/// Sends a webhook again immediately.
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
    Ok(see_other("/#webhooks"))
}

/// Accepts only the forms of this page.
fn check_origin(call: &Call<'_>) -> Result<(), ApiError> {
    let text = |name| call.headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) if origin.strip_prefix("http://") == Some(host) => Ok(()),
        _ => {
            let message = "This request is accepted only from the local Clerk's own page.";
            Err(ApiError::new(StatusCode::FORBIDDEN, "origin_invalid", message))
        }
    }
}

fn see_other(location: &str) -> Reply {
    Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, location)
}
