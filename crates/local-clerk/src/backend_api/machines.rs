//! Machines: programs that authenticate to each other by tokens.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    id,
    model::{Machine, SECOND},
    view,
};

fn new_secret() -> String {
    format!("ak_{}", id::secret())
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machines = cx.store.all::<Machine>()?;
    machines.retain(|machine| request.query.matches("query", &[&machine.id, &machine.name]));
    let order = request.query.first("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => machines.sort_by_key(|machine| machine.created_at),
        "name" => machines.sort_by_key(|machine| machine.name.to_lowercase()),
        _ => {
            let message = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", message).into());
        }
    }
    if order.starts_with('-') {
        machines.reverse();
    }
    let machines: Result<Vec<Value>, Error> = machines
        .iter()
        .map(|machine| view::machine(cx, machine))
        .collect();
    Ok(request.paginated(&machines?))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machine = Machine {
        id: id::new("mch", cx.now),
        name: request.body.required("name")?.to_owned(),
        secret: new_secret(),
        previous_secret: None,
        scopes: Vec::new(),
        token_lifetime: 60 * 60,
        created_at: cx.now,
        updated_at: cx.now,
    };
    for id in request.body.list("scoped_machines") {
        machine.scopes.push(existing(cx, &id)?.id);
    }
    apply(cx, request, &mut machine)?;
    let mut json = view::machine(cx, &machine)?;
    json["secret_key"] = json!(machine.secret);
    Ok(Reply::json(&json))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::machine(cx, &find(cx, request)?)?))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machine = find(cx, request)?;
    apply(cx, request, &mut machine)?;
    Ok(Reply::json(&view::machine(cx, &machine)?))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let machine = find(cx, request)?;
    cx.store.delete::<Machine>(&machine.id)?;
    Ok(Reply::json(&view::deleted("machine", &machine.id)))
}

pub(super) fn secret(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(secret_json(&find(cx, request)?))
}

/// Replaces the secret; the old one remains valid for a while.
pub(super) fn rotate_secret(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machine = find(cx, request)?;
    let seconds = request.body.number_in("previous_token_ttl", 0..=8 * 60 * 60)?;
    let seconds = seconds.ok_or_else(|| ApiError::missing("previous_token_ttl"))?;
    let old = std::mem::replace(&mut machine.secret, new_secret());
    machine.previous_secret = Some((old, cx.now + seconds * SECOND));
    cx.store.put(&machine)?;
    Ok(secret_json(&machine))
}

fn secret_json(machine: &Machine) -> Reply {
    Reply::json(&json!({ "object": "machine_secret_key", "secret": machine.secret }))
}

/// Allows a machine to call another one.
pub(super) fn create_scope(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machine = find(cx, request)?;
    let other = existing(cx, request.body.required("to_machine_id")?)?;
    if other.id == machine.id {
        let message = "A machine needs no scope for itself.";
        return Err(ApiError::value_invalid("to_machine_id", message).into());
    }
    if machine.scopes.contains(&other.id) {
        let message = "The machine already has this scope.";
        return Err(ApiError::new(ErrorKind::Conflict, "machine_scope_exists", message).into());
    }
    machine.scopes.push(other.id.clone());
    cx.store.put(&machine)?;
    Ok(Reply::json(&json!({
        "object": "machine_scope",
        "from_machine_id": machine.id,
        "to_machine_id": other.id,
        "created_at": cx.now,
    })))
}

pub(super) fn delete_scope(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut machine = find(cx, request)?;
    let other = request.path("other_machine_id");
    if !machine.scopes.contains(&other) {
        return Err(ApiError::not_found("machine scope", &other).into());
    }
    machine.scopes.retain(|id| *id != other);
    cx.store.put(&machine)?;
    Ok(Reply::json(&json!({
        "object": "machine_scope",
        "from_machine_id": machine.id,
        "to_machine_id": other,
        "deleted": true,
    })))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<Machine, Error> {
    request.load(cx, "machine_id", "machine")
}

fn existing(cx: &Context<'_>, id: &str) -> Result<Machine, Error> {
    let machine = cx.store.get(id)?;
    Ok(machine.ok_or_else(|| ApiError::not_found("machine", id))?)
}

/// Sets the fields in the body, and stores the machine.
fn apply(cx: &Context<'_>, request: &Request, machine: &mut Machine) -> Result<(), Error> {
    if let Some(name) = request.body.filled("name") {
        name.clone_into(&mut machine.name);
    }
    if let Some(seconds) = request
        .body
        .number_in("default_token_ttl", 1..=i64::MAX / SECOND / 2)?
    {
        machine.token_lifetime = seconds;
    }
    machine.updated_at = cx.now;
    Ok(cx.store.put(machine)?)
}
