//! What surrounds every request to an API: the faults that a test suite has set, and the log that it reads.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};

use crate::{
    error::{ApiError, Error, ErrorKind},
    model::{Fault, MOUNT},
    store::Store,
};

use super::{Reply, Shared, request_log::Entry};

/// Applies a fault to the request, if there is one for it, and logs the request.
pub(super) async fn observe(
    State(shared): State<Arc<Shared>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    if !path.starts_with("/v1/") && !path.starts_with(MOUNT) {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let route = route.map(|route| route.as_str().to_owned());
    let (created_at, epoch) = (shared.clock.now(), shared.log.epoch());
    let fault = take(&shared, &method, &path, route.clone()).await;
    let response = match &fault {
        Some(fault) => fail(&shared, fault, request, next).await,
        None => next.run(request).await,
    };
    let status = response.status();
    let is_unknown = fault.is_none() && (route.is_none() || status == StatusCode::METHOD_NOT_ALLOWED);
    let name = is_unknown.then(|| format!("{method} {path}"));
    let entry = Entry {
        method,
        path,
        route: route.filter(|_| !is_unknown),
        query,
        status,
        fault: fault.map(|fault| fault.id),
        created_at,
    };
    let is_first_unknown = shared.log.add(entry, epoch);
    if let Some(name) = name.filter(|_| is_first_unknown) {
        if shared.strict {
            tracing::error!(
                "the local Clerk at {} has no endpoint {name} (LOCAL_CLERK_STRICT)",
                shared.own
            );
        } else {
            tracing::warn!("the local Clerk at {} has no endpoint {name}", shared.own);
        }
    }
    response
}

async fn take(shared: &Arc<Shared>, method: &Method, path: &str, route: Option<String>) -> Option<Fault> {
    if !shared.has_faults.load(Ordering::Acquire) {
        return None;
    }
    let (own, method, path) = (Arc::clone(shared), method.to_string(), path.to_owned());
    let taken = shared.connection.call(move |connection| {
        let store = Store::begin(connection)?;
        if store.count::<Fault>()? == 0 {
            own.has_faults.store(false, Ordering::Release);
            return Ok(None);
        }
        let fault = Fault::take(&store, &method, &path, route.as_deref())?;
        store.commit()?;
        Ok::<_, Error>(fault)
    });
    taken.await.unwrap_or_else(|error| {
        tracing::error!(%error, "the local Clerk cannot read its faults");
        None
    })
}

async fn fail(shared: &Shared, fault: &Fault, request: Request, next: Next) -> Response {
    // The client may give up during the delay: what is to be done is done before.
    let lost = if fault.after || fault.status.is_none() {
        Some(next.run(request).await)
    } else {
        None
    };
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(fault.delay_ms)) => {}
        () = shared.changes.subscribe().stopped() => {}
    }
    match (
        fault.status.and_then(|status| StatusCode::from_u16(status).ok()),
        lost,
    ) {
        (None, Some(response)) => response,
        (status, _) => reply(fault, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)).into_response(),
    }
}

fn reply(fault: &Fault, status: StatusCode) -> Reply {
    let reply = match &fault.body {
        Some(body) => Reply::json(body),
        None => Reply::from(error(status)),
    };
    let reply = reply.with_status(status);
    match fault.retry_after {
        Some(seconds) => reply.with_header(header::RETRY_AFTER, &seconds.to_string()),
        None => reply,
    }
}

/// Clerk's error with a status.
fn error(status: StatusCode) -> ApiError {
    match status {
        StatusCode::UNAUTHORIZED => ApiError::authentication_invalid(),
        StatusCode::NOT_FOUND => ApiError::not_found("resource", "of this request"),
        StatusCode::TOO_MANY_REQUESTS => ApiError::too_many_requests(),
        status if status.is_server_error() => ApiError::internal()
            .with_long_message("A test has asked for this failure (POST /_emulate/faults)."),
        status => {
            let text = status.canonical_reason().unwrap_or("Error");
            ApiError::new(ErrorKind::BadRequest, "fault", text)
        }
    }
}
