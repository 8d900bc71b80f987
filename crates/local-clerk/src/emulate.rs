//! Control for test suites: what a test asks the local Clerk for that Clerk itself has no endpoint for.
//!
//! Every endpoint is described in `openapi.json`, which is served too. Its errors have Clerk's shape, and a field or
//! parameter that it does not know is an error, so that a misspelt one does not go unnoticed.

mod clock;
mod deliveries;
mod faults;
mod instances;
mod messages;
mod requests;
mod seed;
mod settings;
mod state;
mod webhooks;

use http::Method;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request, Route},
};

pub(crate) use requests::unknown_since_start;
pub(crate) use state::{export_state, import_state};

/// The path below which all of it is.
pub(crate) const MOUNT: &str = "/_emulate";

/// What answers without a key everywhere: who waits until the local Clerk is ready may not know the key yet.
pub(crate) const OPEN_ROUTES: &[Route] = &[(Method::GET, "/health", health)];

pub(crate) const ROUTES: &[Route] = &[
    (Method::GET, "/openapi.json", description),
    (Method::POST, "/reset", seed::reset),
    (Method::PUT, "/seed", seed::replace),
    (Method::POST, "/seed", seed::extend),
    (Method::GET, "/settings", settings::get),
    (Method::PATCH, "/settings", settings::change),
    (Method::GET, "/clock", clock::get),
    (Method::POST, "/clock", clock::advance),
    (Method::POST, "/tokens", clock::create_token),
    (Method::GET, "/faults", faults::list),
    (Method::POST, "/faults", faults::create),
    (Method::DELETE, "/faults", faults::delete_all),
    (Method::DELETE, "/faults/{id}", faults::delete),
    (Method::GET, "/messages", messages::list),
    (Method::DELETE, "/messages", messages::delete),
    (Method::GET, "/webhooks", webhooks::list),
    (Method::POST, "/webhooks", webhooks::create),
    (Method::GET, "/webhooks/{id}", webhooks::get),
    (Method::PATCH, "/webhooks/{id}", webhooks::change),
    (Method::DELETE, "/webhooks/{id}", webhooks::delete),
    (Method::GET, "/deliveries", deliveries::list),
    (Method::POST, "/deliveries/flush", deliveries::flush),
    (Method::POST, "/deliveries/{id}/resend", deliveries::resend),
    (Method::GET, "/requests", requests::list),
    (Method::GET, "/unknown", requests::unknown),
    (Method::GET, "/export", state::export),
    (Method::POST, "/import", state::import),
    (Method::PUT, "/snapshots/{name}", state::save),
    (Method::POST, "/snapshots/{name}/restore", state::restore),
    (Method::GET, "/instances", instances::list),
    (Method::POST, "/instances", instances::create),
    (Method::DELETE, "/instances/{id}", instances::delete),
];

fn health(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    Ok(Reply::json(
        &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }),
    ))
}

fn description(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    Ok(Reply::bytes(
        "application/json",
        include_str!("emulate/openapi.json"),
    ))
}

/// Replies with a complete list.
fn list_of(all: &[Value]) -> Reply {
    Reply::json(&json!({ "total_count": all.len(), "data": all }))
}

/// A body without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Fails if the request has parameters or fields.
fn no_parameters(request: &Request) -> Result<(), ApiError> {
    request.query.only(&[])?;
    let Nothing {} = body(request)?;
    Ok(())
}

/// Reads a field that is there, even if it is `null`.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads the JSON body of a request, whose content type does not matter. A missing body has no fields.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, ApiError> {
    parse(if request.raw.is_empty() {
        b"{}"
    } else {
        request.raw.as_slice()
    })
}

/// Reads a JSON object.
fn parse<T: DeserializeOwned>(raw: &[u8]) -> Result<T, ApiError> {
    let json: Value = serde_json::from_slice(raw)
        .map_err(|error| ApiError::malformed_body(format!("The request body is not valid JSON: {error}.")))?;
    if !json.is_object() {
        return Err(ApiError::malformed_body(
            "The request body must be a JSON object.",
        ));
    }
    serde_path_to_error::deserialize(json).map_err(|error| {
        let (path, message) = (error.path().to_string(), error.inner().to_string());
        // These messages quote the name, which the path does not contain.
        let quoted = message.split('`').nth(1).unwrap_or_default();
        if message.starts_with("unknown field") {
            ApiError::unknown_param(quoted)
        } else if message.starts_with("missing field") {
            ApiError::missing(quoted)
        } else {
            ApiError::value_invalid(&path, format!("{path}: {message}."))
        }
    })
}
