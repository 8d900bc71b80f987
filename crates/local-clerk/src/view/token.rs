//! Session tokens.

use std::ops::Range;

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    id,
    model::{Organization, Session},
};

/// The `cat` header of a session token.
const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";

/// Creates a session token for the page at the origin `azp`, or for a backend without one.
pub(crate) fn session_token(cx: &Context<'_>, session: &Session, azp: Option<&str>) -> Result<String, Error> {
    let lifetime = i64::from(cx.settings()?.token_lifetime);
    token_with_lifetime(cx, session, azp, 0..lifetime)
}

/// Creates a session token that is valid during this time, in seconds from now.
pub(crate) fn token_with_lifetime(
    cx: &Context<'_>,
    session: &Session,
    azp: Option<&str>,
    lifetime: Range<i64>,
) -> Result<String, Error> {
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
    Ok(cx
        .keys
        .sign(&json!({ "cat": SESSION_CATEGORY, "oiat": now }), &claims))
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

/// Renders a token that a backend has requested, which no page vouches for.
pub(crate) fn backend_token(cx: &Context<'_>, session: &Session) -> Result<Value, Error> {
    Ok(json!({ "object": "token", "jwt": session_token(cx, session, None)? }))
}
