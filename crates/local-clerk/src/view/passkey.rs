//! Passkeys.

use serde_json::{Value, json};

use crate::{domain::Context, model::Passkey, view};

pub(crate) fn passkey(cx: &Context<'_>, passkey: &Passkey) -> Value {
    json!({
        "object": "passkey",
        "id": passkey.id,
        "name": passkey.name,
        "last_used_at": passkey.last_used_at,
        "verification": view::verification(&passkey.verification, cx.now),
        "created_at": passkey.created_at,
        "updated_at": passkey.updated_at,
    })
}

/// Renders a passkey for a backend, which gets the time of its creation if it was not used since.
pub(crate) fn backend_passkey(cx: &Context<'_>, passkey: &Passkey) -> Value {
    json!({
        "object": "passkey",
        "id": passkey.id,
        "name": passkey.name,
        "last_used_at": passkey.last_used_at.unwrap_or(passkey.created_at),
        "verification": view::verification(&passkey.verification, cx.now),
    })
}
