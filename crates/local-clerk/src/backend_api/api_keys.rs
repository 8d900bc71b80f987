//! API keys that users and organizations hand to programs of theirs.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::SECOND,
    reply::Reply,
    store::Document,
    view,
};

#[derive(Serialize, Deserialize)]
struct ApiKey {
    id: String,
    secret: String,
    /// The user or organization that it speaks for.
    subject: String,
    name: String,
    description: Option<String>,
    claims: Option<Map<String, Value>>,
    scopes: Vec<String>,
    revoked: bool,
    revocation_reason: Option<String>,
    expiration: Option<i64>,
    created_by: Option<String>,
    last_used_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Document for ApiKey {
    const KIND: &'static str = "api_key";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.secret)
    }
}

impl ApiKey {
    fn is_expired(&self, now: i64) -> bool {
        self.expiration.is_some_and(|at| at <= now)
    }

    fn json(&self, now: i64) -> Value {
        json!({
            "object": "api_key",
            "id": self.id,
            "type": "api_key",
            "subject": self.subject,
            "name": self.name,
            "description": self.description,
            "claims": self.claims,
            "scopes": self.scopes,
            "revoked": self.revoked,
            "revocation_reason": self.revocation_reason,
            "expired": self.is_expired(now),
            "expiration": self.expiration,
            "created_by": self.created_by,
            "last_used_at": self.last_used_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let body = &call.body;
    if let Some(other) = body.filled("type").filter(|kind| *kind != "api_key") {
        return Err(ApiError::value_invalid("type", format!("type cannot be {other}.")).into());
    }
    let name = body.required("name")?.to_owned();
    let mut key = ApiKey {
        id: id::hexadecimal("ak"),
        secret: format!("ak_{}", id::secret()),
        subject: String::new(),
        name,
        description: None,
        claims: None,
        scopes: Vec::new(),
        revoked: false,
        revocation_reason: None,
        expiration: None,
        created_by: body.filled("created_by").map(str::to_owned),
        last_used_at: None,
        created_at: call.now,
        updated_at: call.now,
    };
    body.required("subject")?;
    apply(call, &mut key)?;
    call.store.put(&key)?;
    let mut json = key.json(call.now);
    json["secret"] = json!(key.secret);
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let query = &call.query;
    let subject = query.required("subject")?;
    let include_invalid = query.flag("include_invalid") == Some(true);
    let mut keys = call.store.all::<ApiKey>()?;
    keys.retain(|key| {
        key.subject == subject
            && (include_invalid || !key.revoked && !key.is_expired(call.now))
            && query.finds("query", &[&key.name])
    });
    let keys: Vec<Value> = keys.iter().rev().map(|key| key.json(call.now)).collect();
    Ok(call.paginated(&keys))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&named(call)?.json(call.now)))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut key = named(call)?;
    apply(call, &mut key)?;
    keep(call, key)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, Error> {
    let key = named(call)?;
    call.store.delete::<ApiKey>(&key.id)?;
    Ok(Reply::json(&view::deleted("api_key", &key.id)))
}

pub(super) fn secret(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({ "secret": named(call)?.secret })))
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut key = named(call)?;
    key.revoked = true;
    key.revocation_reason = call.body.filled("revocation_reason").map(str::to_owned);
    keep(call, key)
}

/// Whose key a program has sent.
pub(super) fn verify(call: &mut Call<'_>) -> Result<Reply, Error> {
    let secret = call.body.required("secret")?;
    let key = call.store.of::<ApiKey>(secret)?.pop();
    let mut key = key.ok_or_else(|| ApiError::not_found("API key", "of this secret"))?;
    if key.revoked {
        return Err(ApiError::bad_request("api_key_revoked", "The API key is revoked.").into());
    }
    if key.is_expired(call.now) {
        return Err(ApiError::bad_request("api_key_expired", "The API key has expired.").into());
    }
    key.last_used_at = Some(call.now);
    call.store.put(&key)?;
    Ok(Reply::json(&key.json(call.now)))
}

fn named(call: &Call<'_>) -> Result<ApiKey, Error> {
    call.named("api_key_id", "API key")
}

fn keep(call: &Call<'_>, mut key: ApiKey) -> Result<Reply, Error> {
    key.updated_at = call.now;
    call.store.put(&key)?;
    Ok(Reply::json(&key.json(call.now)))
}

/// Sets the fields that the body has.
fn apply(call: &Call<'_>, key: &mut ApiKey) -> Result<(), Error> {
    let body = &call.body;
    if let Some(subject) = body.filled("subject") {
        call.check_subject(subject)?;
        subject.clone_into(&mut key.subject);
    }
    if let Some(description) = body.change("description") {
        key.description = description;
    }
    if let Some(claims) = body.object("claims")? {
        key.claims = Some(claims);
    }
    if body.has("scopes") {
        key.scopes = body.list("scopes");
    }
    if let Some(seconds) = body.number_in("seconds_until_expiration", 0..=i64::MAX / SECOND / 2)? {
        key.expiration = Some(call.now + seconds * SECOND);
    }
    Ok(())
}
