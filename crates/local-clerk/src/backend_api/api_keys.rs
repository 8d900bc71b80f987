//! API keys of users and organizations.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{ApiKey, SECOND},
    store::links,
    view,
};

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    if let Some(other) = body.filled("type").filter(|kind| *kind != "api_key") {
        return Err(ApiError::value_invalid("type", format!("type cannot be {other}.")).into());
    }
    let name = body.required("name")?.to_owned();
    let mut key = ApiKey::new(String::new(), name, cx.now);
    key.created_by = body.filled("created_by").map(str::to_owned);
    body.required("subject")?;
    apply(cx, request, &mut key)?;
    cx.store.put(&key)?;
    let mut json = view::api_key(&key, cx.now);
    json["secret"] = json!(key.secret);
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let query = &request.query;
    let subject = query.required("subject")?;
    let include_invalid = query.flag("include_invalid") == Some(true);
    let mut keys = cx.store.linked::<ApiKey>(&links::API_KEY_SUBJECT, &[subject])?;
    keys.retain(|key| {
        (include_invalid || !key.revoked && !key.is_expired(cx.now)) && query.matches("query", &[&key.name])
    });
    let keys: Vec<Value> = keys.iter().rev().map(|key| view::api_key(key, cx.now)).collect();
    Ok(request.paginated(&keys))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::api_key(&find(cx, request)?, cx.now)))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut key = find(cx, request)?;
    apply(cx, request, &mut key)?;
    store(cx, key)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let key = find(cx, request)?;
    cx.store.delete::<ApiKey>(&key.id)?;
    Ok(Reply::json(&view::deleted("api_key", &key.id)))
}

pub(super) fn secret(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({ "secret": find(cx, request)?.secret })))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut key = find(cx, request)?;
    key.revoked = true;
    key.revocation_reason = request.body.filled("revocation_reason").map(str::to_owned);
    store(cx, key)
}

/// Verifies the secret of an API key.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let secret = request.body.required("secret")?;
    let key = cx.store.of::<ApiKey>(secret)?.pop();
    let mut key = key.ok_or_else(|| ApiError::not_found("API key", "of this secret"))?;
    if key.revoked {
        return Err(ApiError::bad_request("api_key_revoked", "The API key is revoked.").into());
    }
    if key.is_expired(cx.now) {
        return Err(ApiError::bad_request("api_key_expired", "The API key has expired.").into());
    }
    key.last_used_at = Some(cx.now);
    cx.store.put(&key)?;
    Ok(Reply::json(&view::api_key(&key, cx.now)))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<ApiKey, Error> {
    request.load(cx, "api_key_id", "API key")
}

fn store(cx: &Context<'_>, mut key: ApiKey) -> Result<Reply, Error> {
    key.updated_at = cx.now;
    cx.store.put(&key)?;
    Ok(Reply::json(&view::api_key(&key, cx.now)))
}

/// Sets the fields in the body.
fn apply(cx: &Context<'_>, request: &Request, key: &mut ApiKey) -> Result<(), Error> {
    let body = &request.body;
    if let Some(subject) = body.filled("subject") {
        cx.check_subject(subject)?;
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
        key.expiration = Some(cx.now + seconds * SECOND);
    }
    Ok(())
}
