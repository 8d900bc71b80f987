//! The handshake: a redirect of a page load that brings the cookies of the app's server up to date.

use http::header;
use url::Url;

use crate::{
    domain::Context,
    error::Error,
    http::{Reply, Request, cookies},
    id,
    keys::Instance,
    model::{Client, DevBrowser, MINUTE, Nonce},
};

use super::browser;

/// Redirects the browser back with its cookies: as a nonce that the server exchanges for them, or as a
/// signed token. Development instances put either into the URL, production instances into a cookie.
pub(super) fn handshake(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let text = request.query.required("redirect_url")?;
    let target = cx.url.parse_redirect(None, text, "redirect_url")?;
    let is_nonce = request.query.text("format") == Some("nonce");
    let values = cookies_for(cx, request, &target)?;
    redirect(cx, target, values, is_nonce)
}

/// Redirects the browser to a page of the app with the cookies that the app's server sets: as a nonce or as a token.
pub(super) fn redirect(
    cx: &Context<'_>,
    mut target: Url,
    mut values: Vec<String>,
    is_nonce: bool,
) -> Result<Reply, Error> {
    let name = if is_nonce {
        "__clerk_handshake_nonce"
    } else {
        "__clerk_handshake"
    };
    if cx.keys.instance == Instance::Production {
        // It is valid once: a response of the server other than a page would fail with it.
        values.push(cookies::expired(cx, name));
    }
    let value = if is_nonce {
        store_nonce(cx, values)?
    } else {
        let claims = serde_json::json!({ "handshake": values });
        cx.keys.sign(&serde_json::json!({}), &claims)
    };
    match cx.keys.instance {
        Instance::Development => {
            target.query_pairs_mut().append_pair(name, &value);
            Ok(Reply::redirect(target.as_str()))
        }
        Instance::Production => {
            let cookie = cookies::http_only(cx, name, &value, cookies::HANDSHAKE);
            Ok(Reply::redirect(target.as_str()).with_header(header::SET_COOKIE, &cookie))
        }
    }
}

fn cookies_for(cx: &mut Context<'_>, request: &Request, target: &Url) -> Result<Vec<String>, Error> {
    let mut values = Vec::new();
    let client = match cx.keys.instance {
        Instance::Production => browser::client(cx, request)?,
        Instance::Development => {
            // clerk-js removes the cookie before it sets it again. A page requested in between has none, and its handshake
            // no parameter, but by then the cookie is back: without it, a quick reload would sign the user out.
            let known = match browser::dev_browser(cx, request)? {
                None => browser::visiting_dev_browser(cx, request)?,
                known => known,
            };
            let dev_browser = match known {
                Some(known) => known,
                None => {
                    let made = DevBrowser::new(cx.now);
                    cx.store.put(&made)?;
                    made
                }
            };
            values.extend(cookies::dev_browser_cookies(cx, &dev_browser.id));
            dev_browser
                .client_id
                .map(|id| cx.store.get::<Client>(&id))
                .transpose()?
                .flatten()
        }
    };
    values.extend(cookies::client_uat_cookies(cx, client.as_ref())?);
    let sessions = client
        .as_ref()
        .map(|client| cx.sessions_of(client))
        .transpose()?
        .unwrap_or_default();
    let last_active = client.and_then(|client| client.last_active_session_id);
    let session = sessions
        .iter()
        .map(|(session, _)| session)
        .find(|session| Some(&session.id) == last_active.as_ref())
        .or(sessions.first().map(|(session, _)| session));
    let mut session = session.cloned();
    if let (Some(session), Some(organization)) = (&mut session, request.query.change("organization_id")) {
        // An organization without the user leaves the session unchanged; the app reports it.
        if cx.activate_organization(session, organization.as_deref()).is_ok() {
            cx.store.put(session)?;
        }
    }
    values.extend(match &session {
        Some(session) => cookies::session_cookies(cx, session, &target.origin().ascii_serialization())?,
        None => cookies::no_session_cookies(cx),
    });
    Ok(values)
}

fn store_nonce(cx: &Context<'_>, values: Vec<String>) -> Result<String, Error> {
    for stale in cx
        .store
        .all::<Nonce>()?
        .into_iter()
        .filter(|nonce| nonce.expire_at <= cx.real_now)
    {
        cx.store.delete::<Nonce>(&stale.id)?;
    }
    let nonce = Nonce {
        id: id::secret(),
        cookies: values,
        expire_at: cx.real_now + MINUTE,
    };
    cx.store.put(&nonce)?;
    Ok(nonce.id)
}
