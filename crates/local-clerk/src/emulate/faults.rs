//! Faults.

use std::sync::atomic::Ordering;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    backend_api,
    domain::Context,
    error::{ApiError, Error},
    frontend_api,
    http::{Reply, Request, Route},
    id,
    model::{ApiKind, Fault},
};

use super::{body, list_of, no_parameters};

/// The longest delay in milliseconds: ten minutes.
const MAX_DELAY: u64 = 600_000;
/// The latest time to retry in seconds: a day.
const MAX_RETRY_AFTER: u32 = 86_400;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFault {
    api: Option<ApiKind>,
    method: Option<String>,
    path: String,
    status: Option<u16>,
    retry_after: Option<u32>,
    delay_ms: Option<u64>,
    count: Option<u32>,
    #[serde(default)]
    after: bool,
    body: Option<Value>,
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let new: NewFault = body(request)?;
    check(&new)?;
    let fault = Fault {
        id: id::new("flt", cx.now),
        api: new.api,
        method: new.method,
        path: new.path,
        status: new.status,
        retry_after: new.retry_after,
        delay_ms: new.delay_ms.unwrap_or_default(),
        count: new.count,
        after: new.after,
        body: new.body,
        created_at: cx.now,
    };
    cx.store.put(&fault)?;
    request.shared.has_faults.store(true, Ordering::Release);
    Ok(Reply::json(&json!(fault)).with_status(StatusCode::CREATED))
}

fn check(new: &NewFault) -> Result<(), ApiError> {
    let invalid = |param: &str, rule: String| Err(ApiError::value_invalid(param, format!("{param} {rule}.")));
    if new
        .method
        .as_ref()
        .is_some_and(|method| *method != method.to_uppercase())
    {
        return invalid("method", "must be in upper case".to_owned());
    }
    if !new.path.ends_with('*') && !is_endpoint(new) {
        let rule = "must be the path of an endpoint of this API and method, as in the reference, or end in *";
        return invalid("path", rule.to_owned());
    }
    if new.status.is_some_and(|status| !(400..=599).contains(&status)) {
        return invalid("status", "must be between 400 and 599".to_owned());
    }
    if new.retry_after.is_some_and(|seconds| seconds > MAX_RETRY_AFTER) {
        return invalid(
            "retry_after",
            format!("must be at most {MAX_RETRY_AFTER} seconds"),
        );
    }
    if new.delay_ms.is_some_and(|delay| delay > MAX_DELAY) {
        return invalid("delay_ms", format!("must be at most {MAX_DELAY} milliseconds"));
    }
    if new.count == Some(0) {
        return invalid("count", "must be at least 1".to_owned());
    }
    let needs_status = new.after || new.retry_after.is_some() || new.body.is_some();
    if new.status.is_none() && (needs_status || new.delay_ms.is_none()) {
        return Err(ApiError::missing("status"));
    }
    Ok(())
}

/// Tells whether there is an endpoint with exactly this path.
fn is_endpoint(new: &NewFault) -> bool {
    let is_it = |(method, path, _): &Route| {
        *path == new.path && new.method.as_ref().is_none_or(|own| own == method.as_str())
    };
    let frontend = || frontend_api::ROUTES.iter().any(is_it);
    let backend = || {
        let routes = backend_api::ROUTES.iter().chain(backend_api::MACHINE_ROUTES);
        routes.into_iter().any(is_it)
    };
    match new.api {
        Some(ApiKind::Frontend) => frontend(),
        Some(ApiKind::Backend) => backend(),
        None => frontend() || backend(),
    }
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let faults = cx.store.all::<Fault>()?;
    Ok(list_of(
        &faults.iter().map(|fault| json!(fault)).collect::<Vec<_>>(),
    ))
}

pub(super) fn delete_all(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let faults = cx.store.all::<Fault>()?;
    for fault in &faults {
        cx.store.delete::<Fault>(&fault.id)?;
    }
    Ok(Reply::json(&json!({ "deleted": faults.len() })))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let fault: Fault = request.load(cx, "id", "fault")?;
    cx.store.delete::<Fault>(&fault.id)?;
    Ok(Reply::json(&json!({ "deleted": 1 })))
}
