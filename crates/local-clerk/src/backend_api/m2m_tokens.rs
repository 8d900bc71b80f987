//! Tokens by which machines authenticate to each other. A machine's own key is accepted here too.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind},
    http::{Reply, Request},
    id,
    model::{M2mToken, Machine, SECOND},
    store::links,
    view,
};

/// The `cat` header of a token that is a JWT.
const CATEGORY: &str = "cl_B7d4PD333AAA";

/// Returns the machine whose key the request contains, or `None` for the instance's secret key.
fn caller(cx: &Context<'_>, request: &Request) -> Result<Option<Machine>, Error> {
    let secret = request.bearer().unwrap_or_default();
    if cx.keys.is_secret_key(secret) {
        return Ok(None);
    }
    let mut machines = cx.store.all::<Machine>()?.into_iter();
    let machine = machines.find(|machine| machine.has_secret(secret, cx.now));
    Ok(Some(machine.ok_or_else(ApiError::secret_key_invalid)?))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let Some(machine) = caller(cx, request)? else {
        let message = "A token is created with the secret key of the machine that it authenticates.";
        return Err(ApiError::new(ErrorKind::Unauthorized, "machine_secret_key_required", message).into());
    };
    let body = &request.body;
    let lifetime = body
        .number_in("seconds_until_expiration", 1..=i64::MAX / SECOND / 2)?
        .unwrap_or(machine.token_lifetime);
    let mut token = M2mToken {
        id: id::hexadecimal("mt"),
        token: format!("mt_{}", id::secret()),
        subject: machine.id.clone(),
        scopes: machine.scopes,
        claims: body.object("claims")?,
        revoked: false,
        revocation_reason: None,
        expiration: cx.now + lifetime * SECOND,
        last_used_at: None,
        created_at: cx.now,
        updated_at: cx.now,
    };
    if body.filled("token_format") == Some("jwt") {
        // It is not stored, so it cannot be revoked.
        token.token = sign(cx, &token);
    } else {
        let left = body.number_in("min_remaining_ttl_seconds", 0..=i64::MAX / SECOND / 2)?;
        if let Some(known) = left.map(|left| reusable(cx, &token, left)).transpose()?.flatten() {
            token = known;
        }
        cx.store.put(&token)?;
    }
    let mut json = view::m2m_token(&token, cx.now);
    json["token"] = json!(token.token);
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

/// Returns an equal token that was created before and remains valid for long enough.
fn reusable(cx: &Context<'_>, requested: &M2mToken, seconds: i64) -> Result<Option<M2mToken>, Error> {
    let tokens = cx
        .store
        .linked::<M2mToken>(&links::M2M_TOKEN_SUBJECT, &[&requested.subject])?;
    Ok(tokens.into_iter().find(|token| {
        token.scopes == requested.scopes
            && token.claims == requested.claims
            && !token.revoked
            && token.expiration >= cx.now + seconds * SECOND
    }))
}

fn sign(cx: &Context<'_>, token: &M2mToken) -> String {
    let now = cx.real_now / SECOND;
    let mut claims = token.claims.clone().unwrap_or_default();
    for (name, value) in [
        ("aud", json!(token.scopes)),
        ("exp", json!(cx.real(token.expiration) / SECOND)),
        ("iat", json!(now)),
        ("iss", json!(cx.keys.issuer())),
        ("jti", json!(token.id)),
        ("nbf", json!(now - 10)),
        ("scopes", json!(token.scopes.join(" "))),
        ("sub", json!(token.subject)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    cx.keys.sign(&json!({ "cat": CATEGORY }), &Value::Object(claims))
}

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let subject = request.query.required("subject")?;
    if caller(cx, request)?.is_some_and(|machine| machine.id != subject) {
        let message = "A machine can list its own tokens only.";
        return Err(ApiError::new(ErrorKind::Forbidden, "machine_forbidden", message).into());
    }
    let mut tokens = cx
        .store
        .linked::<M2mToken>(&links::M2M_TOKEN_SUBJECT, &[subject])?;
    // Valid tokens only, unless others are requested.
    let (revoked, expired) = (request.query.flag("revoked"), request.query.flag("expired"));
    tokens.retain(|token| {
        token.revoked == revoked.unwrap_or(false) && token.is_expired(cx.now) == expired.unwrap_or(false)
    });
    let tokens: Vec<Value> = tokens
        .iter()
        .rev()
        .map(|token| view::m2m_token(token, cx.now))
        .collect();
    Ok(Reply::json(
        &json!({ "m2m_tokens": request.paginate(&tokens), "total_count": tokens.len() }),
    ))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut token: M2mToken = request.load(cx, "m2m_token_id", "M2M token")?;
    if caller(cx, request)?.is_some_and(|machine| machine.id != token.subject) {
        return Err(ApiError::not_found("M2M token", &token.id).into());
    }
    token.revoked = true;
    token.revocation_reason = request.body.filled("revocation_reason").map(str::to_owned);
    token.updated_at = cx.now;
    cx.store.put(&token)?;
    Ok(Reply::json(&view::m2m_token(&token, cx.now)))
}

/// Verifies a token that a machine has received and that was created for it.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let caller = caller(cx, request)?;
    let found = cx
        .store
        .of::<M2mToken>(request.body.required("token")?)?
        .pop()
        .filter(|token| caller.is_none_or(|machine| token.scopes.contains(&machine.id)));
    let mut token = found.ok_or_else(|| ApiError::not_found("M2M token", "of this secret"))?;
    if token.revoked {
        return Err(ApiError::bad_request("m2m_token_revoked", "The token is revoked.").into());
    }
    if token.is_expired(cx.now) {
        return Err(ApiError::bad_request("m2m_token_expired", "The token has expired.").into());
    }
    token.last_used_at = Some(cx.now);
    cx.store.put(&token)?;
    Ok(Reply::json(&view::m2m_token(&token, cx.now)))
}
