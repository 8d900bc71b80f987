//! What the app's server fetches after a handshake.

use serde_json::json;

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    model::Nonce,
    reply::Reply,
};

/// The cookies of a nonce, once.
pub(super) fn handshake_payload(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.query.required("nonce")?;
    let nonce = call
        .store
        .get::<Nonce>(id)?
        .filter(|nonce| nonce.expire_at > call.now);
    let nonce = nonce.ok_or_else(|| {
        ApiError::new(
            http::StatusCode::NOT_FOUND,
            "resource_not_found",
            "The nonce is unknown, used or expired.",
        )
    })?;
    call.store.delete::<Nonce>(&nonce.id)?;
    Ok(Reply::json(&json!({ "directives": nonce.directives })))
}
