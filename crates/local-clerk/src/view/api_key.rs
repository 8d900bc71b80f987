//! API keys.

use serde_json::{Value, json};

use crate::model::ApiKey;

/// Renders an API key without its secret.
pub(crate) fn api_key(key: &ApiKey, now: i64) -> Value {
    json!({
        "object": "api_key",
        "id": key.id,
        "type": "api_key",
        "subject": key.subject,
        "name": key.name,
        "description": key.description,
        "claims": key.claims,
        "scopes": key.scopes,
        "revoked": key.revoked,
        "revocation_reason": key.revocation_reason,
        "expired": key.is_expired(now),
        "expiration": key.expiration,
        "created_by": key.created_by,
        "last_used_at": key.last_used_at,
        "created_at": key.created_at,
        "updated_at": key.updated_at,
    })
}
