//! Answering a request within one transaction.

use std::sync::Arc;

use http::header;
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    keys::Keys,
    model::{AllowedHosts, ClockOffset},
    store::Store,
    webhooks,
};

use super::{Api, Handler, Reply, Request, RouteGroup, Shared, public_url, request::bearer};

/// Reads the request, runs the handler in a transaction, and commits unless the handler fails.
pub(super) async fn answer(
    shared: Arc<Shared>,
    group: RouteGroup,
    handler: Handler,
    path: Vec<(String, String)>,
    request: axum::extract::Request,
) -> Reply {
    let admitted = match group.api {
        Api::Backend => check_secret_key(&shared.keys, request.headers()),
        Api::Control => check_origin(&shared.hosts, request.headers()),
        Api::Frontend | Api::Machine | Api::Page => Ok(()),
    };
    let request = match admitted {
        Ok(()) => Request::read(request, group.api, path, Arc::clone(&shared)).await,
        Err(error) => Err(error),
    };
    match request {
        Ok(request) => settle(&shared, group, handler, &Arc::new(request)).await,
        Err(error) => error.into(),
    }
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
        Api::Page => {}
    }
    let mut reply = handler(&mut cx, request)?;
    if let Some(finish) = group.finish {
        reply = finish(&cx, request, reply)?;
    }
    if request.is_head {
        // It changes nothing (RFC 9110, 9.2.1): scanners of mails look at links before anybody follows them.
        return Ok(reply);
    }
    if !matches!(group.api, Api::Control | Api::Page) {
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
fn check_origin(hosts: &AllowedHosts, headers: &http::HeaderMap) -> Result<(), ApiError> {
    let is_own = |origin: &http::HeaderValue| {
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

fn check_secret_key(keys: &Keys, headers: &http::HeaderMap) -> Result<(), ApiError> {
    if bearer(headers).is_some_and(|key| keys.is_secret_key(key)) {
        Ok(())
    } else {
        Err(ApiError::secret_key_invalid())
    }
}
