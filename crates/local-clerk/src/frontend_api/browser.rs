//! The calling browser: its client, and the session that it acts in.

use http::{Method, StatusCode, header};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{
        Reply, Request,
        cookies::{self, CLIENT_COOKIE, DEV_BROWSER},
    },
    keys::Instance,
    model::{Client, DevBrowser, RotatingTokenNonce, Session, User},
    view,
};

/// How long a verification counts for sensitive changes, in minutes, as in Clerk's `strict` levels.
const REVERIFICATION_AGE: i64 = 10;

/// The signed-in caller of `/v1/me`.
pub(super) struct Caller {
    pub(super) client: Client,
    pub(super) session: Session,
    pub(super) user: User,
}

/// Completes a reply: an error contains the browser's client, and those of a production instance have its cookies. A native
/// app gets its token instead.
///
/// clerk-js takes the client over from errors too, unless it has sent a GET. It thus learns what another tab has done: after
/// `session_exists`, for example, it continues with the session of that tab.
pub(crate) fn finish(cx: &Context<'_>, request: &Request, reply: Reply) -> Result<Reply, Error> {
    let (status, _) = reply.parts();
    // After a 401, clerk-js requests the client itself, and signs out in every tab if it has lost the session by that.
    let has_client =
        status.is_client_error() && status != StatusCode::UNAUTHORIZED && request.method != Method::GET;
    let is_native = is_native(request);
    let has_cookies = cx.keys.instance == Instance::Production && !is_native;
    if !has_client && !has_cookies && !is_native {
        return Ok(reply);
    }
    let client = match client(cx, request) {
        // The dev browser is unknown.
        Err(Error::Api(_)) => None,
        client => client?,
    };
    let reply = match &client {
        Some(client) if has_client => reply.with_meta("client", view::client(cx, client)?),
        _ => reply,
    };
    if has_cookies {
        return cookies::with_client_cookies(cx, client.as_ref(), reply);
    }
    Ok(match client {
        Some(client) if is_native => reply.with_header(header::AUTHORIZATION, &client.token),
        _ => reply,
    })
}

/// Tells whether a native app asks, which has neither cookies nor a dev browser.
pub(super) fn is_native(request: &Request) -> bool {
    matches!(request.query.first("_is_native"), Some("1" | "true"))
}

/// The token that a reply has given to a native app, which sends it with or without a scheme.
fn native_token(request: &Request) -> Option<&str> {
    request.bearer().or_else(|| request.header(header::AUTHORIZATION))
}

/// Returns the client of the calling browser, if it has one yet.
///
/// # Errors
/// If the dev browser of a development instance is unknown.
pub(super) fn client(cx: &Context<'_>, request: &Request) -> Result<Option<Client>, Error> {
    let sent = match cx.keys.instance {
        _ if is_native(request) => native_token(request).map(str::to_owned),
        Instance::Development => {
            let dev_browser = dev_browser(cx, request)?.ok_or_else(ApiError::dev_browser_unauthenticated)?;
            return client_of(cx, dev_browser);
        }
        Instance::Production => request.cookie(CLIENT_COOKIE),
    };
    let token = cx.client_token.clone().or(sent);
    match token.filter(|token| !token.is_empty()) {
        Some(token) => Ok(cx.store.of::<Client>(&token)?.pop()),
        None => Ok(None),
    }
}

/// Exchanges the nonce in the query, if a native app has got one at the end of an authorization, for its client's new
/// token.
pub(super) fn redeem_nonce(cx: &mut Context<'_>, request: &Request) -> Result<(), Error> {
    let nonce = request
        .query
        .filled("rotating_token_nonce")
        .filter(|_| is_native(request));
    let Some(nonce) = nonce
        .map(|nonce| cx.store.get::<RotatingTokenNonce>(nonce))
        .transpose()?
        .flatten()
    else {
        return Ok(());
    };
    cx.store.delete::<RotatingTokenNonce>(&nonce.id)?;
    if nonce.expire_at > cx.now {
        cx.client_token = cx
            .store
            .get::<Client>(&nonce.client_id)?
            .map(|client| client.token);
    }
    Ok(())
}

/// Returns the client of the calling browser, or creates one. The caller stores its changes.
pub(super) fn client_or_new(cx: &mut Context<'_>, request: &Request) -> Result<Client, Error> {
    if let Some(client) = client(cx, request)? {
        return Ok(client);
    }
    let client = Client::new(cx.real_now);
    cx.store.put(&client)?;
    match cx.keys.instance {
        Instance::Development if !is_native(request) => {
            if let Some(mut dev_browser) = dev_browser(cx, request)? {
                dev_browser.client_id = Some(client.id.clone());
                cx.store.put(&dev_browser)?;
            }
        }
        _ => cx.client_token = Some(client.token.clone()),
    }
    Ok(client)
}

/// Returns the client of a browser that follows a link. Only cookies identify it, because an attacker
/// may have forged the link.
pub(super) fn visiting_client(cx: &Context<'_>, request: &Request) -> Result<Option<Client>, Error> {
    if cx.keys.instance == Instance::Production {
        return client(cx, request);
    }
    match visiting_dev_browser(cx, request)? {
        Some(dev_browser) => client_of(cx, dev_browser),
        None => Ok(None),
    }
}

/// Returns the client of a browser that an OAuth application sends, or that comes back from signing in. In development,
/// clerk-js puts the dev browser into the URL that it leads back to, which may have another host than the sign-in page.
pub(super) fn arriving_client(cx: &Context<'_>, request: &Request) -> Result<Option<Client>, Error> {
    if let Some(client) = visiting_client(cx, request)?
        && !cx.sessions_of(&client)?.is_empty()
    {
        return Ok(Some(client));
    }
    match dev_browser(cx, request)? {
        Some(dev_browser) => client_of(cx, dev_browser),
        None => Ok(None),
    }
}

/// Returns the dev browser in the cookies, which a browser sends where the Frontend API has the app's host.
pub(super) fn visiting_dev_browser(cx: &Context<'_>, request: &Request) -> Result<Option<DevBrowser>, Error> {
    let token = dev_browser_cookie(cx, request);
    Ok(token.map(|token| cx.store.get(&token)).transpose()?.flatten())
}

fn client_of(cx: &Context<'_>, dev_browser: DevBrowser) -> Result<Option<Client>, Error> {
    let client = dev_browser.client_id.map(|id| cx.store.get(&id));
    Ok(client.transpose()?.flatten())
}

/// Returns the dev browser token in the cookies, suffixed or not.
pub(super) fn dev_browser_cookie(cx: &Context<'_>, request: &Request) -> Option<String> {
    request
        .cookie(&format!("{DEV_BROWSER}_{}", cx.keys.cookie_suffix))
        .or_else(|| request.cookie(DEV_BROWSER))
}

/// Returns the dev browser in the query.
pub(super) fn dev_browser(cx: &Context<'_>, request: &Request) -> Result<Option<DevBrowser>, Error> {
    let token = request.query.filled(DEV_BROWSER);
    Ok(token.map(|token| cx.store.get(token)).transpose()?.flatten())
}

/// Returns the active session of the calling browser that path parameter `id` identifies.
pub(super) fn own_session(cx: &Context<'_>, request: &Request) -> Result<(Client, Session, User), Error> {
    let id = request.path("id");
    let client = client(cx, request)?.ok_or_else(ApiError::authentication_invalid)?;
    if !client.session_ids.contains(&id) {
        return Err(ApiError::not_found("session", &id).into());
    }
    let (session, user) = cx
        .sessions_of(&client)?
        .into_iter()
        .find(|(session, _)| session.id == id)
        .ok_or_else(ApiError::authentication_invalid)?;
    Ok((client, session, user))
}

/// Returns the caller of `/v1/me`: the session that clerk-js names, else the one that was last active.
pub(super) fn caller(cx: &Context<'_>, request: &Request) -> Result<Caller, Error> {
    caller_in(cx, request, client(cx, request)?)
}

/// The same of a form, which the browser sends without clerk-js: in development, only cookies identify it.
pub(super) fn submitter(cx: &Context<'_>, request: &Request) -> Result<Caller, Error> {
    caller_in(cx, request, arriving_client(cx, request)?)
}

fn caller_in(cx: &Context<'_>, request: &Request, client: Option<Client>) -> Result<Caller, Error> {
    let client = client.ok_or_else(ApiError::authentication_invalid)?;
    let id = request
        .query
        .filled("_clerk_session_id")
        .or(client.last_active_session_id.as_deref());
    let (session, user) = cx
        .sessions_of(&client)?
        .into_iter()
        .find(|(session, _)| id.is_some_and(|id| session.id == id))
        .ok_or_else(ApiError::authentication_invalid)?;
    Ok(Caller {
        client,
        session,
        user,
    })
}

/// Returns the caller of a sensitive change, who must have been verified recently. clerk-js reacts to the
/// error by verifying the user and repeating the request.
pub(super) fn verified_caller(cx: &Context<'_>, request: &Request) -> Result<Caller, Error> {
    let caller = caller(cx, request)?;
    let [first, second] = caller.session.factor_verification_age(cx.now);
    let age = if second < 0 { first } else { second };
    if age >= REVERIFICATION_AGE && cx.settings()?.reverification {
        let message = "You need to provide additional verification to perform this operation";
        return Err(ApiError::new(ErrorKind::Forbidden, "session_reverification_required", message).into());
    }
    Ok(caller)
}
