//! Entries of the allowlist and the blocklist.

use serde_json::{Value, json};

use crate::model::{List, ListedIdentifier};

pub(crate) fn listed_identifier(entry: &ListedIdentifier, instance_id: &str) -> Value {
    let is_address = entry.identifier.contains('@');
    let mut json = json!({
        "object": entry.list.object(),
        "id": entry.id,
        "identifier": entry.identifier,
        "identifier_type": if is_address { "email_address" } else { "phone_number" },
        "instance_id": instance_id,
        "created_at": entry.created_at,
        "updated_at": entry.created_at,
    });
    if entry.list == List::Allow {
        json["invitation_id"] = json!("");
    }
    json
}
