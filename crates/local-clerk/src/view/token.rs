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
    model::{Organization, Role, SYSTEM_PREFIX, Session},
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
    let (plans, mut features) = entitlements(cx, session)?;
    let is_billed = plans.iter().any(|plan| plan.starts_with("o:"));
    if let Some(organization) = active_organization(cx, session, is_billed, &mut features)? {
        claims["o"] = organization;
    }
    if !plans.is_empty() {
        claims["pla"] = json!(plans.join(","));
    }
    if !plans.is_empty() || !features.is_empty() {
        claims["fea"] = json!(features.join(","));
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

/// The `o` claim. The permissions of the member's role count for the features in the token: those of the organization's
/// plan or, unless organizations are billed, those that the permissions name, which are added.
fn active_organization(
    cx: &Context<'_>,
    session: &Session,
    is_billed: bool,
    features: &mut Vec<String>,
) -> Result<Option<Value>, Error> {
    let organization = match &session.last_active_organization_id {
        Some(id) => cx.store.get::<Organization>(id)?,
        None => None,
    };
    let Some(organization) = organization else {
        return Ok(None);
    };
    let Some(membership) = organization.membership(&session.user_id) else {
        return Ok(None);
    };
    let role = membership.role.trim_start_matches("org:");
    let mut claim = json!({ "id": organization.id, "rol": role, "slg": organization.slug });
    let granted = Role::find(&cx.store, &membership.role)?.map(|role| role.permissions);
    let granted = granted.unwrap_or_default();
    let permissions: Vec<(&str, &str)> = granted.iter().filter_map(|key| custom_permission(key)).collect();
    if !is_billed {
        for (feature, _) in &permissions {
            let feature = format!("o:{feature}");
            if !features.contains(&feature) {
                features.push(feature);
            }
        }
    }
    let features = features.iter().filter_map(|feature| feature.strip_prefix("o:"));
    if let Some((names, masks)) = permission_masks(&permissions, features) {
        claim["per"] = json!(names);
        claim["fpm"] = json!(masks);
    }
    Ok(Some(claim))
}

/// Returns the feature and the action of a permission, unless it is one of the system permissions, which are not in tokens.
fn custom_permission(key: &str) -> Option<(&str, &str)> {
    let is_custom = !key.starts_with(SYSTEM_PREFIX);
    key.strip_prefix("org:")?.split_once(':').filter(|_| is_custom)
}

/// Returns the actions of permissions, and for each feature a mask of those that are granted for it, in which bit 0
/// stands for the first action. `None` without permissions for these features.
fn permission_masks<'f>(
    permissions: &[(&str, &str)],
    features: impl Iterator<Item = &'f str>,
) -> Option<(String, String)> {
    let mut actions: Vec<&str> = Vec::new();
    let mut masks: Vec<String> = Vec::new();
    for feature in features {
        let mut mask = 0_u64;
        for (_, action) in permissions.iter().filter(|(of, _)| *of == feature) {
            let known = actions.iter().position(|known| known == action);
            let bit = known.unwrap_or_else(|| {
                actions.push(action);
                actions.len() - 1
            });
            mask |= 1 << bit;
        }
        masks.push(mask.to_string());
    }
    (!actions.is_empty()).then(|| (actions.join(","), masks.join(",")))
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
