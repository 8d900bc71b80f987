//! Keys, tickets and testing tokens.

use serde_json::{Value, json};

use super::super::{
    call::Call,
    errors::{ApiError, Error},
    id,
    model::{DAY, MINUTE, SECOND, SignInToken, User},
    reply::Reply,
};

/// Milliseconds an actor token lives unless another time is asked for.
const HOUR: i64 = 60 * MINUTE;
/// Milliseconds a testing token lives.
const TESTING_TOKEN_LIFETIME: i64 = DAY;

pub(super) fn jwks(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&call.keys.jwks()))
}

pub(super) fn create_sign_in_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    create(call, "sit", None)
}

/// Lets the bearer sign in as the user, with `act` in the session's tokens.
pub(super) fn create_actor_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    let actor = call
        .body
        .object("actor")?
        .ok_or_else(|| ApiError::missing("actor"))?;
    if !actor.get("sub").is_some_and(Value::is_string) {
        return Err(ApiError::missing("actor.sub").into());
    }
    create(call, "act", Some(Value::Object(actor)))
}

fn create(call: &Call<'_>, prefix: &str, actor: Option<Value>) -> Result<Reply, Error> {
    let user_id = call.body.required("user_id")?;
    let user = call
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let default = if actor.is_some() { HOUR } else { 30 * DAY };
    let seconds = call.body.number("expires_in_seconds").unwrap_or(default / SECOND);
    if !(1..=10 * 365 * DAY / SECOND).contains(&seconds) {
        let why = "expires_in_seconds must be at least 1 and at most ten years.";
        return Err(ApiError::value_invalid("expires_in_seconds", why).into());
    }
    let token = SignInToken::new(prefix, user.id, actor, call.now + seconds * SECOND, call.now);
    call.store.put(&token)?;
    let mut json = json(&token);
    json["token"] = json!(token.token);
    json["url"] = json!(token.url(&call.url.app));
    Ok(Reply::json(&json))
}

pub(super) fn revoke(call: &mut Call<'_>) -> Result<Reply, Error> {
    let id = call.path("id");
    let mut token = call
        .store
        .get::<SignInToken>(&id)?
        .ok_or_else(|| ApiError::not_found("sign in token", &id))?;
    if token.status != "pending" {
        let why = "Only a pending sign in token can be revoked.";
        return Err(ApiError::bad_request("sign_in_token_cannot_be_revoked_code", why).into());
    }
    token.status = "revoked".to_owned();
    token.updated_at = call.now;
    call.store.put(&token)?;
    Ok(Reply::json(&json(&token)))
}

/// There is no bot protection here to pass, but test suites ask for the pass.
pub(super) fn create_testing_token(call: &mut Call<'_>) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "object": "testing_token",
        "token": format!("{}-{}", call.now / SECOND, id::secret()),
        "expires_at": (call.now + TESTING_TOKEN_LIFETIME) / SECOND,
    })))
}

fn json(token: &SignInToken) -> Value {
    let mut json = json!({
        "object": "sign_in_token",
        "id": token.id,
        "user_id": token.user_id,
        "status": token.status,
        "created_at": token.created_at,
        "updated_at": token.updated_at,
    });
    if let Some(actor) = &token.actor {
        json["object"] = json!("actor_token");
        json["actor"] = actor.clone();
    }
    json
}
