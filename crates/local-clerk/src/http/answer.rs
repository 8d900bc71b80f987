//! Answering a request within one transaction.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, header};
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    keys::Keys,
    model::{AllowedHosts, ClockOffset},
    store::Store,
    webhooks,
};

use super::{
    Api, Handler, Reply, Request, RouteGroup, Shared,
    contract::Operation,
    headers::is_repeated,
    public_url,
    request::{authorization, basic_credentials},
};

/// What lets a browser ask for the secret key.
const CHALLENGE: &str = "Basic realm=\"Local Clerk: the password is the secret key\", charset=\"UTF-8\"";

/// Reads the request, runs the handler in a transaction, and commits what it has changed unless it fails.
pub(super) async fn answer(
    shared: Arc<Shared>,
    group: RouteGroup,
    handler: Handler,
    operation: Option<&'static Operation>,
    path: Vec<(String, String)>,
    request: axum::extract::Request,
) -> Reply {
    if let Err(error) = admit(&shared, group.api, request.headers()) {
        let refusal = Reply::from(error);
        return match group.api {
            Api::Dashboard => refusal.with_header(header::WWW_AUTHENTICATE, CHALLENGE),
            _ => refusal,
        };
    }
    match Request::read(request, group.api, operation, path, Arc::clone(&shared)).await {
        Ok(request) => settle(&shared, group, handler, &Arc::new(request)).await,
        Err(error) => error.into(),
    }
}

/// Checks the credentials of a request.
fn admit(shared: &Shared, api: Api, headers: &HeaderMap) -> Result<(), ApiError> {
    match api {
        Api::Backend => check_secret_key(&shared.keys, headers)?,
        Api::Control => {
            check_origin(&shared.hosts, headers)?;
            if shared.is_exposed {
                check_secret_key(&shared.keys, headers)?;
            }
        }
        Api::Dashboard if shared.is_exposed => check_password(&shared.keys, headers)?,
        Api::Machine => check_authorization(headers)?,
        Api::Dashboard | Api::Frontend | Api::Oauth | Api::Page => {}
    }
    Ok(())
}

/// Answers a request, if need be after a change that it waits for.
async fn settle(shared: &Shared, group: RouteGroup, handler: Handler, request: &Arc<Request>) -> Reply {
    let mut changes = shared.changes.subscribe();
    let mut reply = attempt(shared, group, handler, Arc::clone(request)).await;
    if let Some(time) = reply.awaited() {
        let until_settled = async {
            while reply.awaited().is_some() && changes.next().await {
                reply = attempt(shared, group, handler, Arc::clone(request)).await;
            }
        };
        // Without a change, the last reply is the result.
        let _ = tokio::time::timeout(time, until_settled).await;
    }
    reply.complete().await
}

async fn attempt(shared: &Shared, group: RouteGroup, handler: Handler, request: Arc<Request>) -> Reply {
    let outcome = shared
        .connection
        .call(move |connection| run(connection, group, handler, &request))
        .await;
    outcome.unwrap_or_else(|error| match error {
        tokio_rusqlite::Error::Error(Error::Api(error)) => error.into(),
        error => {
            tracing::error!(%error, "the local Clerk failed to answer a request");
            ApiError::internal().into()
        }
    })
}

fn run(
    connection: &mut rusqlite::Connection,
    group: RouteGroup,
    handler: Handler,
    request: &Request,
) -> Result<Reply, Error> {
    let shared = &*request.shared;
    let store = Store::begin(connection)?;
    let real_now = shared.clock.now();
    let mut cx = Context {
        now: real_now + ClockOffset::of(&store)?,
        real_now,
        store,
        keys: &shared.keys,
        url: public_url::of(&request.headers, &shared.own, &shared.hosts)?,
        own: &shared.own,
        app: shared.app.as_ref(),
        device: request.device(),
        client_token: None,
    };
    match group.api {
        Api::Frontend => cx.remember_url()?,
        Api::Backend | Api::Machine | Api::Control => cx.recall_url()?,
        Api::Dashboard | Api::Oauth | Api::Page => {}
    }
    let checked = request.check().map_err(Error::from);
    let mut reply = match checked.and_then(|()| handler(&mut cx, request)) {
        Err(error) => {
            let refusal = match error {
                Error::Api(error) => error.into(),
                Error::Oauth(error) => error.into(),
                Error::Store(error) => return Err(error.into()),
            };
            cx.store.start_over()?;
            cx.client_token = None;
            refusal
        }
        Ok(reply) => reply,
    };
    if let Some(finish) = group.finish {
        reply = finish(&cx, request, reply)?;
    }
    if request.method == Method::HEAD {
        // It changes nothing (RFC 9110, 9.2.1): scanners of mails look at links before anybody follows them.
        return Ok(reply);
    }
    if !matches!(group.api, Api::Control | Api::Dashboard | Api::Page) {
        webhooks::record(&cx, &shared.webhooks)?;
    }
    let has_changed = cx.store.has_changed();
    cx.store.commit()?;
    if has_changed {
        shared.changes.announce();
    }
    Ok(reply)
}

/// Refuses pages of strangers: without a key, the browser's word is all that tells them from test suites.
fn check_origin(hosts: &AllowedHosts, headers: &HeaderMap) -> Result<(), ApiError> {
    let is_own = |origin: &HeaderValue| {
        let url = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok());
        url.is_some_and(|url| hosts.allow(&url))
    };
    if headers.get_all(header::ORIGIN).iter().all(is_own) {
        return Ok(());
    }
    let message = "Pages of other hosts than loopback ones and those of LOCAL_CLERK_ALLOWED_HOSTS cannot control \
                   the local Clerk.";
    Err(ApiError::new(ErrorKind::Forbidden, "origin_invalid", message))
}

/// Refuses a request that could be meant to have the one key or the other.
fn check_authorization(headers: &HeaderMap) -> Result<(), ApiError> {
    if is_repeated(headers, header::AUTHORIZATION) {
        let code = "multiple_authorization_header_values_forbidden";
        let message = "Setting multiple values in the 'Authorization' header is forbidden";
        return Err(ApiError::bad_request(code, message));
    }
    Ok(())
}

fn check_secret_key(keys: &Keys, headers: &HeaderMap) -> Result<(), ApiError> {
    check_authorization(headers)?;
    if authorization(headers, "bearer").is_some_and(|key| keys.is_secret_key(key)) {
        Ok(())
    } else {
        Err(ApiError::secret_key_invalid())
    }
}

/// Accepts the secret key as the password; the user name does not matter.
fn check_password(keys: &Keys, headers: &HeaderMap) -> Result<(), ApiError> {
    let credentials = basic_credentials(headers);
    if credentials.is_some_and(|(_, password)| keys.is_secret_key(&password)) {
        return Ok(());
    }
    Err(ApiError::secret_key_invalid())
}
