//! The JWKS, tickets and testing tokens.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Params, Reply, Request},
    id,
    model::{DAY, MINUTE, SECOND, SignInToken, TicketKind, User},
};

/// The default lifetime of an actor token, in milliseconds.
const HOUR: i64 = 60 * MINUTE;
/// The default lifetime of a session that an actor token or an agent task starts, in seconds.
const SESSION_LIFETIME: i64 = 30 * MINUTE / SECOND;
/// The longest lifetime, in seconds.
const TEN_YEARS: i64 = 10 * 365 * DAY / SECOND;
/// The lifetime of a testing token, in milliseconds.
const TESTING_TOKEN_LIFETIME: i64 = DAY;

pub(super) fn jwks(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&cx.keys.jwks()))
}

pub(super) fn create_sign_in_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let mut token = ticket(cx, TicketKind::SignIn, body, body.required("user_id")?, 30 * DAY)?;
    if let Some(id) = body.filled("org_id") {
        let organization = cx.organization(id)?;
        if organization.membership(&token.user_id).is_none() {
            return Err(ApiError::not_found("organization", id).into());
        }
        token.organization_id = Some(organization.id);
    }
    cx.store.put(&token)?;
    let mut json = json(&token);
    json["token"] = json!(token.token);
    json["url"] = json!(token.url(&cx.url.app));
    Ok(Reply::json(&json))
}

/// Creates a ticket to sign in as the user, with the actor in the `act` claim of the session's tokens.
pub(super) fn create_actor_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let actor = body.object("actor")?.ok_or_else(|| ApiError::missing("actor"))?;
    if !actor.get("sub").is_some_and(Value::is_string) {
        return Err(ApiError::missing("actor.sub").into());
    }
    let mut token = ticket(cx, TicketKind::Actor, body, body.required("user_id")?, HOUR)?;
    token.actor = Some(Value::Object(actor));
    token.session_lifetime = Some(session_lifetime(body)?);
    cx.store.put(&token)?;
    let mut json = json(&token);
    json["token"] = json!(token.token);
    json["url"] = json!(format!(
        "{}/v1/tickets/accept?ticket={}",
        cx.url.frontend_api, token.token
    ));
    Ok(Reply::json(&json))
}

/// Makes a ticket of a user, which lasts as long as the body says.
pub(super) fn ticket(
    cx: &Context<'_>,
    kind: TicketKind,
    body: &Params,
    user_id: &str,
    default: i64,
) -> Result<SignInToken, Error> {
    let user: User = cx.load(user_id, "user")?;
    let seconds = body.number_in("expires_in_seconds", 1..=TEN_YEARS)?;
    let lifetime = seconds.map_or(default, |seconds| seconds * SECOND);
    Ok(SignInToken::new(kind, user.id, cx.now + lifetime, cx.now))
}

/// Returns how long the session of a ticket lasts, in milliseconds.
pub(super) fn session_lifetime(body: &Params) -> Result<i64, ApiError> {
    let seconds = body.number_in("session_max_duration_in_seconds", 1..=TEN_YEARS)?;
    Ok(seconds.unwrap_or(SESSION_LIFETIME) * SECOND)
}

pub(super) fn revoke(cx: &mut Context<'_>, request: &Request, kind: TicketKind) -> Result<Reply, Error> {
    Ok(Reply::json(&json(&revoked(cx, request, kind)?)))
}

/// Revokes the ticket that path parameter `id` identifies.
pub(super) fn revoked(cx: &Context<'_>, request: &Request, kind: TicketKind) -> Result<SignInToken, Error> {
    let id = request.path("id");
    let token = cx.store.get::<SignInToken>(&id)?;
    let mut token = token
        .filter(|token| token.kind() == kind)
        .ok_or_else(|| ApiError::not_found(kind.label(), &id))?;
    token.revoke(cx.now)?;
    cx.store.put(&token)?;
    Ok(token)
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
