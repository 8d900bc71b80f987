//! The handshake: a page load goes round by here to bring the app's server up to date.

use http::header;
use url::Url;

use super::{
    super::{
        call::Call,
        errors::Error,
        id,
        keys::Instance,
        model::{Client, DevBrowser, MINUTE, Nonce},
        reply::Reply,
    },
    cookies,
};

/// Sends the browser back with its cookies: as a nonce that the server exchanges for them, or as a
/// signed token. A development instance puts either into the URL, production into a cookie.
pub(super) fn handshake(call: &mut Call<'_>) -> Result<Reply, Error> {
    let text = call.query.required("redirect_url")?;
    let mut target = call.url.way_back(None, text, "redirect_url")?;
    let is_nonce = call.query.text("format") == Some("nonce");
    let name = if is_nonce {
        "__clerk_handshake_nonce"
    } else {
        "__clerk_handshake"
    };
    let mut directives = directives(call, &target)?;
    if call.keys.instance == Instance::Production {
        // It is good once: what the server does not answer with a page would fail by it.
        directives.push(cookies::expired(call, name));
    }
    let value = if is_nonce {
        store_nonce(call, directives)?
    } else {
        let claims = serde_json::json!({ "handshake": directives });
        call.keys.sign(&serde_json::json!({}), &claims)
    };
    match call.keys.instance {
        Instance::Development => {
            target.query_pairs_mut().append_pair(name, &value);
            Ok(Reply::redirect(target.as_str()))
        }
        Instance::Production => {
            let cookie = cookies::http_only(call, name, &value, cookies::HANDSHAKE);
            Ok(Reply::redirect(target.as_str()).with_header(header::SET_COOKIE, &cookie))
        }
    }
}

fn directives(call: &mut Call<'_>, target: &Url) -> Result<Vec<String>, Error> {
    let mut directives = Vec::new();
    let client = match call.keys.instance {
        Instance::Production => call.client()?,
        Instance::Development => {
            let dev_browser = match call.dev_browser()? {
                Some(known) => known,
                None => {
                    let made = DevBrowser::new(call.now);
                    call.store.put(&made)?;
                    made
                }
            };
            directives.extend(cookies::dev_browser_cookies(call, &dev_browser.id));
            dev_browser
                .client_id
                .map(|id| call.store.get::<Client>(&id))
                .transpose()?
                .flatten()
        }
    };
    directives.extend(cookies::client_uat_cookies(call, client.as_ref())?);
    let sessions = client
        .as_ref()
        .map(|client| call.sessions_of(client))
        .transpose()?
        .unwrap_or_default();
    let last_active = client.and_then(|client| client.last_active_session_id);
    let session = sessions
        .iter()
        .map(|(session, _)| session)
        .find(|session| Some(&session.id) == last_active.as_ref())
        .or(sessions.first().map(|(session, _)| session));
    let mut session = session.cloned();
    if let (Some(session), Some(organization)) = (&mut session, call.query.change("organization_id")) {
        // One that the user is not in leaves the session as it is; the app then says so itself.
        if call
            .activate_organization(session, organization.as_deref())
            .is_ok()
        {
            call.store.put(session)?;
        }
    }
    directives.extend(match &session {
        Some(session) => cookies::session_cookies(call, session, &target.origin().ascii_serialization())?,
        None => cookies::no_session_cookies(call),
    });
    Ok(directives)
}

fn store_nonce(call: &Call<'_>, directives: Vec<String>) -> Result<String, Error> {
    for stale in call
        .store
        .all::<Nonce>()?
        .into_iter()
        .filter(|nonce| nonce.expire_at <= call.now)
    {
        call.store.delete::<Nonce>(&stale.id)?;
    }
    let nonce = Nonce {
        id: id::secret(),
        directives,
        expire_at: call.now + MINUTE,
    };
    call.store.put(&nonce)?;
    Ok(nonce.id)
}
