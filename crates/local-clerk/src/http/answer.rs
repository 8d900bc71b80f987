//! Answering a request within one transaction.

use std::sync::Arc;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    keys::Keys,
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
    if group.api == Api::Backend
        && let Err(error) = check_secret_key(&shared.keys, request.headers())
    {
        return error.into();
    }
    let request = match Request::read(request, path, Arc::clone(&shared)).await {
        Ok(request) => request,
        Err(error) => return error.into(),
    };
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
    let mut cx = Context {
        store: Store::begin(connection)?,
        keys: &shared.keys,
        now: shared.clock.now(),
        url: public_url::of(&request.headers, &shared.own, &shared.hosts)?,
        own: &shared.own,
        app: shared.app.as_ref(),
        device: request.device(),
        client_token: None,
    };
    match group.api {
        Api::Frontend => cx.remember_url()?,
        Api::Backend | Api::Machine => cx.recall_url()?,
        Api::Page => {}
    }
    let mut reply = handler(&mut cx, request)?;
    if let Some(finish) = group.finish {
        reply = finish(&cx, request, reply)?;
    }
    if let Some(webhooks) = &shared.webhooks
        && group.api != Api::Page
    {
        webhooks::record(&cx, webhooks)?;
    }
    cx.store.commit()?;
    Ok(reply)
}

fn check_secret_key(keys: &Keys, headers: &http::HeaderMap) -> Result<(), ApiError> {
    if bearer(headers).is_some_and(|key| keys.is_secret_key(key)) {
        Ok(())
    } else {
        Err(ApiError::secret_key_invalid())
    }
}
