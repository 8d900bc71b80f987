//! Session tokens.

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    id,
    model::{Organization, Session},
};

/// The `cat` header of a session token.
const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";

/// How many bytes of a cookie browsers accept for its name and its value.
pub(crate) const MAX_COOKIE: usize = 4096;

/// The sessions whose tokens are too long for a cookie and are in the log as such: once is enough.
static LOGGED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Creates a session token for the page at the origin `azp`, or for a backend without one.
pub(crate) fn session_token(cx: &Context<'_>, session: &Session, azp: Option<&str>) -> Result<String, Error> {
    let lifetime = i64::from(cx.settings()?.token_lifetime);
    token_with_lifetime(cx, session, azp, 0..lifetime)
}

/// Returns the length of the cookie that contains the session's token, if browsers do not accept it.
pub(crate) fn excessive_cookie(cx: &Context<'_>, session: &Session) -> Result<Option<usize>, Error> {
    let lifetime = i64::from(cx.settings()?.token_lifetime);
    let claims = claims(cx, session, Some(&cx.url.app), 0..lifetime)?;
    let length = cookie_length(cx, cx.keys.signed_length(&header(&claims), &claims));
    Ok(Some(length).filter(|length| *length > MAX_COOKIE))
}

/// The length of the cookie with a token of this length: of its name, which has the suffix of the instance, and its value.
fn cookie_length(cx: &Context<'_>, token: usize) -> usize {
    "__session_".len() + cx.keys.cookie_suffix.len() + token
}

/// Logs that browsers do not accept the cookie with this token. Without it, the app's server redirects a page to the
/// handshake again and again.
fn log_if_excessive(cx: &Context<'_>, session: &Session, token: &str) {
    let length = cookie_length(cx, token.len());
    let is_new = || {
        let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        logged.insert(session.id.clone())
    };
    if length > MAX_COOKIE && is_new() {
        tracing::warn!(
            user = session.user_id,
            session = session.id,
            length,
            limit = MAX_COOKIE,
            "the session token is too long for a cookie: browsers drop it, and pages redirect without end; shorten its \
             claims, such as those of the setting session_token"
        );
    }
}

/// Creates a session token that is valid during this time, in seconds from now.
pub(crate) fn token_with_lifetime(
    cx: &Context<'_>,
    session: &Session,
    azp: Option<&str>,
    lifetime: Range<i64>,
) -> Result<String, Error> {
    let claims = claims(cx, session, azp, lifetime)?;
    let token = cx.keys.sign(&header(&claims), &claims);
    // Without a page that it is for, it is in no cookie.
    if azp.is_some() {
        log_if_excessive(cx, session, &token);
    }
    Ok(token)
}

fn header(claims: &Value) -> Value {
    json!({ "cat": SESSION_CATEGORY, "oiat": claims["iat"] })
}

fn claims(
    cx: &Context<'_>,
    session: &Session,
    azp: Option<&str>,
    lifetime: Range<i64>,
) -> Result<Value, Error> {
    // The receiver verifies the token on the real clock.
    let now = cx.real_now / 1000 + lifetime.start;
    let mut claims = json!({
        "exp": now + (lifetime.end - lifetime.start),
        "fva": session.factor_verification_age(cx.now),
        "iat": now,
        "iss": cx.keys.issuer(),
        "jti": id::alphanumeric::<20>().to_lowercase(),
        "nbf": now - 10,
        "sid": session.id,
        "sts": if cx.tasks(session)?.is_empty() { "active" } else { "pending" },
        "sub": session.user_id,
        "v": 2,
    });
    if let Some(azp) = azp {
        claims["azp"] = json!(azp);
    }
    let (plans, features) = entitlements(cx, session)?;
    if !plans.is_empty() {
        claims["pla"] = json!(plans.join(","));
        claims["fea"] = json!(features.join(","));
    }
    if let Some(organization) = active_organization(cx, session)? {
        claims["o"] = organization;
    }
    if let Some(actor) = &session.actor {
        claims["act"] = actor.clone();
    }
    for (name, claim) in super::custom_claims(cx, session)? {
        // Clerk's own claims take precedence.
        if claims.get(&name).is_none() {
            claims[name] = claim;
        }
    }
    Ok(claims)
}

/// The plans and features of the user (`u`) and of the active organization (`o`).
fn entitlements(cx: &Context<'_>, session: &Session) -> Result<(Vec<String>, Vec<String>), Error> {
    let organization = session.last_active_organization_id.as_deref();
    let (mut plans, mut features) = (Vec::new(), Vec::new());
    for (scope, owner) in [("u", Some(session.user_id.as_str())), ("o", organization)] {
        let subscription = owner.map(|owner| cx.subscription(owner)).transpose()?.flatten();
        let active = subscription
            .as_ref()
            .and_then(|subscription| subscription.active_plan(cx.now));
        if let Some(plan) = active {
            plans.push(format!("{scope}:{}", plan.slug));
            let slugs = plan.features.iter();
            features.extend(slugs.map(|feature| format!("{scope}:{}", feature.slug)));
        }
    }
    Ok((plans, features))
}

/// The `o` claim. System permissions are not in tokens, and there are no others here.
fn active_organization(cx: &Context<'_>, session: &Session) -> Result<Option<Value>, Error> {
    let Some(id) = &session.last_active_organization_id else {
        return Ok(None);
    };
    let organization = cx.store.get::<Organization>(id)?;
    Ok(organization.and_then(|organization| {
        let membership = organization.membership(&session.user_id)?;
        let role = membership.role.key().trim_start_matches("org:");
        Some(json!({ "id": organization.id, "rol": role, "slg": organization.slug }))
    }))
}

pub(crate) fn token(cx: &Context<'_>, session: &Session) -> Result<Value, Error> {
    Ok(json!({ "object": "token", "jwt": session_token(cx, session, Some(&cx.url.app))? }))
}

/// Renders a token that a backend has requested, for so many seconds, and which no page vouches for.
pub(crate) fn backend_token(
    cx: &Context<'_>,
    session: &Session,
    lifetime: Option<i64>,
) -> Result<Value, Error> {
    let lifetime = lifetime.unwrap_or(i64::from(cx.settings()?.token_lifetime));
    let token = token_with_lifetime(cx, session, None, 0..lifetime)?;
    Ok(json!({ "object": "token", "jwt": token }))
}
