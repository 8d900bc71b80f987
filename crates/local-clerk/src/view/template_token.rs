//! Tokens made from JWT templates, and the claims that the settings add to session tokens.

mod shortcodes;

use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    id,
    model::{JwtTemplate, Organization, Session, User},
    store::links,
    view,
};

use shortcodes::fill;

/// The `cat` header of a token made from a JWT template.
const CATEGORY: &str = "cl_B7d4PD222AAA";

/// Renders a JWT template.
pub(crate) fn jwt_template(template: &JwtTemplate) -> Value {
    let algorithm = template.signing_key.as_ref().map(|key| key.algorithm);
    json!({
        "object": "jwt_template",
        "id": template.id,
        "name": template.name,
        "claims": template.claims,
        "lifetime": template.lifetime,
        "allowed_clock_skew": template.allowed_clock_skew,
        "custom_signing_key": template.signing_key.is_some(),
        "signing_algorithm": algorithm.unwrap_or(Algorithm::RS256),
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    })
}

/// Creates a token from the template with this name, for the page at the origin `azp`, or for a backend without one.
pub(crate) fn template_token(
    cx: &Context<'_>,
    session: &Session,
    user: &User,
    name: &str,
    lifetime: Option<i64>,
    azp: Option<&str>,
) -> Result<Value, Error> {
    let template = cx.store.of::<JwtTemplate>(name)?.pop();
    let template = template.ok_or_else(|| ApiError::not_found("JWT template", name))?;
    let now = cx.real_now / 1000;
    let values = shortcodes(cx, session, user)?;
    let mut claims = fill(&Value::Object(template.claims), &values);
    if let Some(azp) = azp {
        claims["azp"] = json!(azp);
    }
    claims["exp"] = json!(now + lifetime.unwrap_or(template.lifetime));
    claims["iat"] = json!(now);
    claims["iss"] = json!(cx.keys.issuer());
    claims["jti"] = json!(id::alphanumeric::<20>().to_lowercase());
    claims["nbf"] = json!(now - template.allowed_clock_skew);
    claims["sub"] = json!(user.id);
    let jwt = match &template.signing_key {
        Some(key) => key.sign(Some(CATEGORY), &claims).ok_or_else(ApiError::internal)?,
        None => cx.keys.sign(&json!({ "cat": CATEGORY }), &claims),
    };
    Ok(json!({ "object": "token", "jwt": jwt }))
}

/// Returns the claims that the settings add to session tokens.
pub(crate) fn custom_claims(cx: &Context<'_>, session: &Session) -> Result<Map<String, Value>, Error> {
    let template = cx.settings()?.session_token;
    if template.is_empty() {
        return Ok(template);
    }
    let user = cx.store.get::<User>(&session.user_id)?;
    let user = user.ok_or_else(ApiError::authentication_invalid)?;
    let values = shortcodes(cx, session, &user)?;
    let filled = template
        .iter()
        .map(|(name, claim)| (name.clone(), fill(claim, &values)));
    Ok(filled.collect())
}

/// Returns the values of shortcodes.
fn shortcodes(cx: &Context<'_>, session: &Session, user: &User) -> Result<Value, Error> {
    let email_address = user.primary_email_address();
    let mut json = view::user(cx, user)?;
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let full_name: Vec<&str> = names.into_iter().flatten().collect();
    json["full_name"] = if full_name.is_empty() {
        Value::Null
    } else {
        json!(full_name.join(" "))
    };
    json["primary_email_address"] = json!(email_address.map(|address| &address.value));
    json["email_verified"] = json!(email_address.is_some_and(|address| address.is_verified()));
    let mut organizations = Map::new();
    for organization in cx.store.linked::<Organization>(&links::MEMBER, &[&user.id])? {
        if let Some(membership) = organization.membership(&user.id) {
            organizations.insert(organization.id.clone(), json!(membership.role));
        }
    }
    json["organizations"] = Value::Object(organizations);
    let mut values = json!({
        "user": json,
        "session": { "id": session.id, "actor": session.actor },
        "org": null,
        "org_membership": null,
    });
    if let Some(id) = &session.last_active_organization_id
        && let Some(organization) = cx.store.get::<Organization>(id)?
        && let Some(membership) = organization.membership(&user.id)
    {
        values["org"] = view::organization(cx, &organization);
        values["org"]["role"] = json!(membership.role);
        values["org_membership"] = json!({ "public_metadata": membership.public_metadata });
    }
    Ok(values)
}
