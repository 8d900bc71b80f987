//! Tokens by which machines know each other. A machine's own key opens these endpoints too.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    super::{
        call::Call,
        errors::{ApiError, Error},
        id,
        model::SECOND,
        reply::Reply,
        store::Document,
    },
    machines::Machine,
};

/// The `cat` header of a token that is a JWT.
const CATEGORY: &str = "cl_B7d4PD333AAA";

#[derive(Clone, Serialize, Deserialize)]
struct M2mToken {
    id: String,
    token: String,
    /// The machine that it speaks for.
    subject: String,
    /// The machines that it speaks to.
    scopes: Vec<String>,
    claims: Option<Map<String, Value>>,
    revoked: bool,
    revocation_reason: Option<String>,
    expiration: i64,
    last_used_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

impl Document for M2mToken {
    const KIND: &'static str = "m2m_token";
    fn id(&self) -> &str {
        &self.id
    }
    fn owner(&self) -> Option<&str> {
        Some(&self.token)
    }
}

impl M2mToken {
    fn is_expired(&self, now: i64) -> bool {
        self.expiration <= now
    }

    fn json(&self, now: i64) -> Value {
        json!({
            "object": "machine_to_machine_token",
            "id": self.id,
            "subject": self.subject,
            "claims": self.claims,
            "scopes": self.scopes,
            "revoked": self.revoked,
            "revocation_reason": self.revocation_reason,
            "expired": self.is_expired(now),
            "expiration": self.expiration,
            "last_used_at": self.last_used_at,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

/// The machine whose key was sent; none for the instance's.
fn caller(call: &Call<'_>) -> Result<Option<Machine>, Error> {
    let secret = call.bearer().unwrap_or_default();
    if call.keys.is_secret_key(secret) {
        return Ok(None);
    }
    let mut machines = call.store.all::<Machine>()?.into_iter();
    let machine = machines.find(|machine| machine.has_secret(secret, call.now));
    Ok(Some(machine.ok_or_else(ApiError::secret_key_invalid)?))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, Error> {
    let Some(machine) = caller(call)? else {
        let why = "A token is made with the secret key of the machine that it speaks for.";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "machine_secret_key_required", why).into());
    };
    let body = &call.body;
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
        expiration: call.now + lifetime * SECOND,
        last_used_at: None,
        created_at: call.now,
        updated_at: call.now,
    };
    if body.filled("token_format") == Some("jwt") {
        // Nothing of it is kept: it cannot be revoked.
        token.token = sign(call, &token);
    } else {
        let left = body.number_in("min_remaining_ttl_seconds", 1..=i64::MAX / SECOND / 2)?;
        if let Some(known) = left
            .map(|left| reusable(call, &token, left))
            .transpose()?
            .flatten()
        {
            token = known;
        }
        call.store.put(&token)?;
    }
    let mut json = token.json(call.now);
    json["token"] = json!(token.token);
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

/// One that was made before and is good for long enough.
fn reusable(call: &Call<'_>, wanted: &M2mToken, seconds: i64) -> Result<Option<M2mToken>, Error> {
    let mut tokens = call.store.all::<M2mToken>()?.into_iter();
    Ok(tokens.find(|token| {
        token.subject == wanted.subject
            && token.scopes == wanted.scopes
            && token.claims == wanted.claims
            && !token.revoked
            && token.expiration >= call.now + seconds * SECOND
    }))
}

fn sign(call: &Call<'_>, token: &M2mToken) -> String {
    let now = call.now / SECOND;
    let mut claims = token.claims.clone().unwrap_or_default();
    for (name, value) in [
        ("aud", json!(token.scopes)),
        ("exp", json!(token.expiration / SECOND)),
        ("iat", json!(now)),
        ("iss", json!(call.keys.issuer())),
        ("jti", json!(token.id)),
        ("nbf", json!(now - 10)),
        ("scopes", json!(token.scopes.join(" "))),
        ("sub", json!(token.subject)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    call.keys
        .sign(&json!({ "cat": CATEGORY }), &Value::Object(claims))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, Error> {
    let subject = call.query.required("subject")?;
    if caller(call)?.is_some_and(|machine| machine.id != subject) {
        let why = "A machine sees its own tokens only.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "machine_forbidden", why).into());
    }
    let mut tokens = call.store.all::<M2mToken>()?;
    // Those that are good, unless others are asked for.
    let (revoked, expired) = (call.query.flag("revoked"), call.query.flag("expired"));
    tokens.retain(|token| {
        token.subject == subject
            && token.revoked == revoked.unwrap_or(false)
            && token.is_expired(call.now) == expired.unwrap_or(false)
    });
    let tokens: Vec<Value> = tokens.iter().rev().map(|token| token.json(call.now)).collect();
    Ok(Reply::json(
        &json!({ "m2m_tokens": call.page(&tokens), "total_count": tokens.len() }),
    ))
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let mut token: M2mToken = call.named("m2m_token_id", "M2M token")?;
    if caller(call)?.is_some_and(|machine| machine.id != token.subject) {
        return Err(ApiError::not_found("M2M token", &token.id).into());
    }
    token.revoked = true;
    token.revocation_reason = call.body.filled("revocation_reason").map(str::to_owned);
    token.updated_at = call.now;
    call.store.put(&token)?;
    Ok(Reply::json(&token.json(call.now)))
}

/// Whose token a machine was sent, if it speaks to that machine.
pub(super) fn verify(call: &mut Call<'_>) -> Result<Reply, Error> {
    let caller = caller(call)?;
    let found = call
        .store
        .of::<M2mToken>(call.body.required("token")?)?
        .pop()
        .filter(|token| caller.is_none_or(|machine| token.scopes.contains(&machine.id)));
    let mut token = found.ok_or_else(|| ApiError::not_found("M2M token", "of this secret"))?;
    if token.revoked {
        return Err(ApiError::bad_request("m2m_token_revoked", "The token is revoked.").into());
    }
    if token.is_expired(call.now) {
        return Err(ApiError::bad_request("m2m_token_expired", "The token has expired.").into());
    }
    token.last_used_at = Some(call.now);
    call.store.put(&token)?;
    Ok(Reply::json(&token.json(call.now)))
}
