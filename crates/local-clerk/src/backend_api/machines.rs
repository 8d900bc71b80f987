//! Machines: programs that speak to each other by tokens.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::SECOND,
    reply::Reply,
    store::Document,
    view,
};

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) id: String,
    name: String,
    secret: String,
    /// The one before, and until when it is good.
    previous_secret: Option<(String, i64)>,
    /// The machines that it may speak to.
    pub(super) scopes: Vec<String>,
    /// Seconds.
    pub(super) token_lifetime: i64,
    created_at: i64,
    updated_at: i64,
}

impl Document for Machine {
    const KIND: &'static str = "machine";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Machine {
    pub(super) fn has_secret(&self, secret: &str, now: i64) -> bool {
        let previous = self.previous_secret.as_ref();
        self.secret == secret || previous.is_some_and(|(old, until)| old == secret && *until > now)
    }

    fn bare_json(&self, call: &Call<'_>) -> Value {
        json!({
            "object": "machine",
            "id": self.id,
            "name": self.name,
            "instance_id": call.keys.instance_id,
            "default_token_ttl": self.token_lifetime,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }

    fn json(&self, call: &Call<'_>) -> Result<Value, Error> {
        let mut json = self.bare_json(call);
        let mut scoped = Vec::new();
        for id in &self.scopes {
            let machine = call.store.get::<Self>(id)?;
            scoped.extend(machine.map(|machine| machine.bare_json(call)));
        }
        json["scoped_machines"] = json!(scoped);
        Ok(json)
    }
}

fn new_secret() -> String {
    format!("ak_{}", id::secret())
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machines = call.store.all::<Machine>()?;
    machines.retain(|machine| call.query.finds("query", &[&machine.id, &machine.name]));
    let order = call.query.filled("order_by").unwrap_or("-created_at");
    match order.trim_start_matches(['+', '-', ' ']) {
        "created_at" => machines.sort_by_key(|machine| machine.created_at),
        "name" => machines.sort_by_key(|machine| machine.name.to_lowercase()),
        _ => {
            let why = format!("order_by cannot be {order}.");
            return Err(ApiError::value_invalid("order_by", why).into());
        }
    }
    if order.starts_with('-') {
        machines.reverse();
    }
    let machines: Result<Vec<Value>, Error> = machines.iter().map(|machine| machine.json(call)).collect();
    Ok(call.paginated(&machines?))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machine = Machine {
        id: id::new("mch"),
        name: call.body.required("name")?.to_owned(),
        secret: new_secret(),
        previous_secret: None,
        scopes: Vec::new(),
        token_lifetime: 60 * 60,
        created_at: call.now,
        updated_at: call.now,
    };
    for id in call.body.list("scoped_machines") {
        machine.scopes.push(existing(call, &id)?.id);
    }
    apply(call, &mut machine)?;
    let mut json = machine.json(call)?;
    json["secret_key"] = json!(machine.secret);
    Ok(Reply::json(&json))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&named(call)?.json(call)?))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machine = named(call)?;
    apply(call, &mut machine)?;
    Ok(Reply::json(&machine.json(call)?))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let machine = named(call)?;
    call.store.delete::<Machine>(&machine.id)?;
    Ok(Reply::json(&view::deleted("machine", &machine.id)))
}

pub(super) fn secret(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(secret_json(&named(call)?))
}

/// A new secret; the old one stays good for a while.
pub(super) fn rotate_secret(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machine = named(call)?;
    let seconds = call.body.number_in("previous_token_ttl", 0..=8 * 60 * 60)?;
    let seconds = seconds.ok_or_else(|| ApiError::missing("previous_token_ttl"))?;
    let old = std::mem::replace(&mut machine.secret, new_secret());
    machine.previous_secret = Some((old, call.now + seconds * SECOND));
    call.store.put(&machine)?;
    Ok(secret_json(&machine))
}

fn secret_json(machine: &Machine) -> Reply {
    Reply::json(&json!({ "object": "machine_secret_key", "secret": machine.secret }))
}

/// Lets two machines speak to each other.
pub(super) fn create_scope(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machine = named(call)?;
    let other = existing(call, call.body.required("to_machine_id")?)?;
    if other.id == machine.id {
        let why = "A machine needs no scope for itself.";
        return Err(ApiError::value_invalid("to_machine_id", why).into());
    }
    if machine.scopes.contains(&other.id) {
        let why = "The machine has this scope already.";
        return Err(ApiError::new(http::StatusCode::CONFLICT, "machine_scope_exists", why).into());
    }
    machine.scopes.push(other.id.clone());
    call.store.put(&machine)?;
    Ok(Reply::json(&json!({
        "object": "machine_scope",
        "from_machine_id": machine.id,
        "to_machine_id": other.id,
        "created_at": call.now,
    })))
}

pub(super) fn delete_scope(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut machine = named(call)?;
    let other = call.path("other_machine_id");
    if !machine.scopes.contains(&other) {
        return Err(ApiError::not_found("machine scope", &other).into());
    }
    machine.scopes.retain(|id| *id != other);
    call.store.put(&machine)?;
    Ok(Reply::json(&json!({
        "object": "machine_scope",
        "from_machine_id": machine.id,
        "to_machine_id": other,
        "deleted": true,
    })))
}

fn named(call: &Call<'_>) -> Result<Machine, Error> {
    call.named("machine_id", "machine")
}

fn existing(call: &Call<'_>, id: &str) -> Result<Machine, Error> {
    let machine = call.store.get(id)?;
    Ok(machine.ok_or_else(|| ApiError::not_found("machine", id))?)
}

/// Sets what the body has, and stores it.
fn apply(call: &Call<'_>, machine: &mut Machine) -> Result<(), Error> {
    if let Some(name) = call.body.filled("name") {
        name.clone_into(&mut machine.name);
    }
    if let Some(seconds) = call
        .body
        .number_in("default_token_ttl", 1..=i64::MAX / SECOND / 2)?
    {
        machine.token_lifetime = seconds;
    }
    machine.updated_at = call.now;
    Ok(call.store.put(machine)?)
}
