//! Machines and their tokens.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    model::{M2mToken, Machine},
};

/// Renders a machine with the machines that it may call.
pub(crate) fn machine(cx: &Context<'_>, machine: &Machine) -> Result<Value, Error> {
    let mut json = without_scopes(cx, machine);
    let mut scoped = Vec::new();
    for id in &machine.scopes {
        let machine = cx.store.get::<Machine>(id)?;
        scoped.extend(machine.map(|machine| without_scopes(cx, &machine)));
    }
    json["scoped_machines"] = json!(scoped);
    Ok(json)
}

fn without_scopes(cx: &Context<'_>, machine: &Machine) -> Value {
    json!({
        "object": "machine",
        "id": machine.id,
        "name": machine.name,
        "instance_id": cx.keys.instance_id,
        "default_token_ttl": machine.token_lifetime,
        "created_at": machine.created_at,
        "updated_at": machine.updated_at,
    })
}

/// Renders a machine's token without its secret.
pub(crate) fn m2m_token(token: &M2mToken, now: i64) -> Value {
    json!({
        "object": "machine_to_machine_token",
        "id": token.id,
        "subject": token.subject,
        "claims": token.claims,
        "scopes": token.scopes,
        "revoked": token.revoked,
        "revocation_reason": token.revocation_reason,
        "expired": token.is_expired(now),
        "expiration": token.expiration,
        "last_used_at": token.last_used_at,
        "created_at": token.created_at,
        "updated_at": token.updated_at,
    })
}
