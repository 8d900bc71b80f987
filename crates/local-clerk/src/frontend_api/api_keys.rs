//! API keys that users manage themselves, of their own or of an organization.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    model::{ApiKey, MANAGE_API_KEYS, Organization, READ_API_KEYS, SECOND},
    store::links,
    view,
};

use super::browser;

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let query = &request.query;
    let (_, subject) = subject(cx, request, query.filled("subject"), READ_API_KEYS)?;
    let include_invalid = query.flag("include_invalid") == Some(true);
    let mut keys = cx.store.linked::<ApiKey>(&links::API_KEY_SUBJECT, &[&subject])?;
    keys.retain(|key| {
        (include_invalid || !key.revoked && !key.is_expired(cx.now)) && query.matches("query", &[&key.name])
    });
    let keys: Vec<Value> = keys.iter().rev().map(|key| view::api_key(key, cx.now)).collect();
    Ok(request.paginated(&keys))
}

/// Creates a key. Only this reply has its secret.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let (user_id, subject) = subject(cx, request, body.filled("subject"), MANAGE_API_KEYS)?;
    if let Some(other) = body.filled("type").filter(|kind| *kind != "api_key") {
        return Err(ApiError::value_invalid("type", format!("type cannot be {other}.")).into());
    }
    let mut key = ApiKey::new(subject, body.required("name")?.to_owned(), cx.now);
    key.created_by = Some(user_id);
    key.description = body.filled("description").map(str::to_owned);
    if let Some(seconds) = body.number_in("seconds_until_expiration", 0..=i64::MAX / SECOND / 2)? {
        key.expiration = Some(cx.now + seconds * SECOND);
    }
    cx.store.put(&key)?;
    let mut json = view::api_key(&key, cx.now);
    json["secret"] = json!(key.secret);
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut key: ApiKey = request.load(cx, "id", "API key")?;
    subject(cx, request, Some(&key.subject), MANAGE_API_KEYS)?;
    if let Some(description) = request.body.change("description") {
        key.description = description;
    }
    key.updated_at = cx.now;
    cx.store.put(&key)?;
    Ok(Reply::json(&view::api_key(&key, cx.now)))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut key: ApiKey = request.load(cx, "id", "API key")?;
    subject(cx, request, Some(&key.subject), MANAGE_API_KEYS)?;
    key.revoked = true;
    key.revocation_reason = request.body.filled("revocation_reason").map(str::to_owned);
    key.updated_at = cx.now;
    cx.store.put(&key)?;
    Ok(Reply::json(&view::api_key(&key, cx.now)))
}

/// Returns the ids of the caller, and of the user or organization whose keys the caller asks for: by default the own. For
/// those of an organization, the caller needs a permission.
fn subject(
    cx: &Context<'_>,
    request: &Request,
    subject: Option<&str>,
    permission: &str,
) -> Result<(String, String), Error> {
    let user = browser::caller(cx, request)?.user;
    if !cx.settings()?.api_keys {
        let message = "API keys are not enabled for this instance.";
        return Err(ApiError::new(ErrorKind::Forbidden, "api_keys_not_enabled", message).into());
    }
    let subject = subject.unwrap_or(&user.id).to_owned();
    if subject != user.id {
        let organization = cx.store.get::<Organization>(&subject)?;
        let membership = organization.as_ref().and_then(|known| known.membership(&user.id));
        let membership = membership.ok_or_else(|| ApiError::not_found("user or organization", &subject))?;
        if !cx.role(&membership.role)?.grants(permission) {
            return Err(ApiError::missing_permission(permission).into());
        }
    }
    Ok((user.id, subject))
}
