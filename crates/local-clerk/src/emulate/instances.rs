//! Further instances, which have nothing in common with this one.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Further, Reply, Request},
    keys::{FixedKeys, new_publishable_key},
    seed::{Beginning, Seed},
};

use super::{body, list_of, no_parameters, seed::mistaken};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewInstance {
    seed: Option<String>,
}

/// Starts an instance with data in memory, keys of its own, and a free port.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    request.query.only(&[])?;
    let NewInstance { seed } = body(request)?;
    let instances = request.shared.instances.clone().ok_or_else(|| {
        let message = "This instance was started by another one: ask that one for further instances.";
        ApiError::new(ErrorKind::Forbidden, "instances_not_nested", message)
    })?;
    let mut beginning = match seed {
        Some(text) => {
            let mut seed = Seed::parse(&text).map_err(|mistake| mistaken(&mistake))?;
            if let Some(seconds) = request.shared.token_lifetime {
                seed.set_token_lifetime(seconds);
            }
            Beginning::of(seed)
        }
        // Without the keys that it may fix, which are those of this instance.
        None => Beginning {
            seed: request.shared.seed(),
            keys: FixedKeys::default(),
        },
    };
    let key = &mut beginning.keys.publishable_key;
    key.get_or_insert_with(|| new_publishable_key(cx.keys.instance));
    Ok(Reply::later(async move {
        match instances.start(beginning, render).await {
            Ok(started) => Reply::json(&started).with_status(StatusCode::CREATED),
            Err(error) => error.into(),
        }
    }))
}

pub(super) fn list(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let instances = request.shared.instances.as_ref();
    let running = instances.map(|instances| instances.list(render));
    Ok(list_of(&running.unwrap_or_default()))
}

/// Ends an instance, when the requests in progress there have been answered.
pub(super) fn delete(_: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    no_parameters(request)?;
    let id = request.path("id");
    let instances = request.shared.instances.as_ref();
    let instance = instances.and_then(|instances| instances.take(&id));
    let instance = instance.ok_or_else(|| ApiError::not_found("instance", &id))?;
    Ok(Reply::later(async move {
        instance.stop.await;
        Reply::json(&json!({ "deleted": 1 }))
    }))
}

fn render(instance: &Further) -> Value {
    let environment = instance.environment.iter();
    let environment: Map<String, Value> = environment
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    json!({ "id": instance.id, "environment": environment })
}
