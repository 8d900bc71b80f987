//! Redirect URLs of native apps.

use serde_json::{Value, json};

use crate::model::RedirectUrl;

pub(crate) fn redirect_url(url: &RedirectUrl) -> Value {
    json!({
        "object": "redirect_url",
        "id": url.id,
        "url": url.url,
        "created_at": url.created_at,
        "updated_at": url.created_at,
    })
}
