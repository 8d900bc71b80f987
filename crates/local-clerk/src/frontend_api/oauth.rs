//! Social connections: the browser's return from the provider.

use http::{StatusCode, header};
use url::{Url, form_urlencoded};

use crate::{
    domain::{Context, oauth},
    error::Error,
    http::{Reply, Request, cookies::DEV_BROWSER},
    keys::Instance,
    model::{Purpose, Session},
};

use super::browser;

/// Redirects the form that some providers answer with to [`callback`].
pub(super) fn post_callback(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in ["code", "scope", "state", "error"] {
        if let Some(value) = request.body.filled(name) {
            query.append_pair(name, value);
        }
    }
    let target = format!("{}/v1/oauth_callback?{}", cx.url.frontend_api, query.finish());
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, &target))
}

/// Completes an authorization, and redirects the browser to the app.
pub(super) fn callback(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let state = request.query.required("state")?;
    let client = browser::visiting_client(cx, request)?;
    let (flow, mut client) = oauth::take_flow(cx, state, client)?;
    let outcome = match oauth::exchange(&flow, request.query.filled("code")) {
        Ok(outcome) => outcome,
        // As a reply, so that the flow stays used up.
        Err(error) => return Ok(error.into()),
    };
    let is_complete = oauth::finish(cx, &mut client, &flow, outcome)?;
    let nonce = match flow.purpose {
        Purpose::SignIn(_) | Purpose::SignUp(_) if flow.is_native() => {
            Some(oauth::rotate_token(cx, &mut client)?)
        }
        _ => None,
    };
    cx.store.put(&client)?;
    // The page of the attempt handles a session with tasks.
    let session_id = client.last_active_session_id.as_ref().filter(|_| is_complete);
    let session = session_id
        .map(|id| cx.store.get::<Session>(id))
        .transpose()?
        .flatten();
    let tasks = session
        .map(|session| cx.tasks(&session))
        .transpose()?
        .unwrap_or_default();
    let target = flow
        .complete_url
        .filter(|_| is_complete && tasks.is_empty())
        .unwrap_or(flow.redirect_url);
    let target = match &nonce {
        Some(nonce) => with_parameter(&target, "rotating_token_nonce", nonce),
        None => with_dev_browser(cx, request, &target),
    };
    Ok(Reply::empty(StatusCode::SEE_OTHER).with_header(header::LOCATION, &target))
}

/// Adds the dev browser to the URL. In development the app's server learns of a new session only from it,
/// and starts a handshake.
fn with_dev_browser(cx: &Context<'_>, request: &Request, target: &str) -> String {
    let token = match cx.keys.instance {
        Instance::Development => browser::dev_browser_cookie(cx, request),
        Instance::Production => None,
    };
    match token {
        Some(token) => with_parameter(target, DEV_BROWSER, &token),
        None => target.to_owned(),
    }
}

/// Sets a parameter of a URL.
fn with_parameter(target: &str, name: &str, value: &str) -> String {
    let Ok(mut target) = Url::parse(target) else {
        return target.to_owned();
    };
    let kept: Vec<(String, String)> = target
        .query_pairs()
        .filter(|(known, _)| known != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    target
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair(name, value);
    target.into()
}
