//! The JWKS, tickets and testing tokens.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    id,
    model::{DAY, MINUTE, SECOND, SignInToken, SignInTokenStatus, User},
};

/// The default lifetime of an actor token, in milliseconds.
const HOUR: i64 = 60 * MINUTE;
/// The lifetime of a testing token, in milliseconds.
const TESTING_TOKEN_LIFETIME: i64 = DAY;

pub(super) fn jwks(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&cx.keys.jwks()))
}

pub(super) fn create_sign_in_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    create(cx, request, "sit", None)
}

/// Creates a ticket to sign in as the user, with the actor in the `act` claim of the session's tokens.
pub(super) fn create_actor_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let actor = request
        .body
        .object("actor")?
        .ok_or_else(|| ApiError::missing("actor"))?;
    if !actor.get("sub").is_some_and(Value::is_string) {
        return Err(ApiError::missing("actor.sub").into());
    }
    create(cx, request, "act", Some(Value::Object(actor)))
}

fn create(cx: &Context<'_>, request: &Request, prefix: &str, actor: Option<Value>) -> Result<Reply, Error> {
    let user_id = request.body.required("user_id")?;
    let user = cx
        .store
        .get::<User>(user_id)?
        .ok_or_else(|| ApiError::not_found("user", user_id))?;
    let default = if actor.is_some() { HOUR } else { 30 * DAY };
    let seconds = request
        .body
        .number("expires_in_seconds")
        .unwrap_or(default / SECOND);
    if !(1..=10 * 365 * DAY / SECOND).contains(&seconds) {
        let message = "expires_in_seconds must be at least 1 and at most ten years.";
        return Err(ApiError::value_invalid("expires_in_seconds", message).into());
    }
    let token = SignInToken::new(prefix, user.id, actor, cx.now + seconds * SECOND, cx.now);
    cx.store.put(&token)?;
    let mut json = json(&token);
    json["token"] = json!(token.token);
    json["url"] = json!(token.url(&cx.url.app));
    Ok(Reply::json(&json))
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let id = request.path("id");
    let mut token = cx
        .store
        .get::<SignInToken>(&id)?
        .ok_or_else(|| ApiError::not_found("sign in token", &id))?;
    if token.status != SignInTokenStatus::Pending {
        let message = "Only a pending sign in token can be revoked.";
        return Err(ApiError::bad_request("sign_in_token_cannot_be_revoked_code", message).into());
    }
    token.set_status(SignInTokenStatus::Revoked, cx.now);
    cx.store.put(&token)?;
    Ok(Reply::json(&json(&token)))
}

/// Creates a testing token. There is no bot protection here to bypass, but test suites request it.
pub(super) fn create_testing_token(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&json!({
        "object": "testing_token",
        "token": format!("{}-{}", cx.now / SECOND, id::secret()),
        "expires_at": (cx.now + TESTING_TOKEN_LIFETIME) / SECOND,
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
