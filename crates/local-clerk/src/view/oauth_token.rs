//! The tokens of OAuth applications, and what they tell about their user.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    domain::{Context, oauth_provider::ActiveToken},
    error::Error,
    model::{OauthGrant, OauthToken, Organization, SECOND, User},
    view,
};

/// Renders an access token for a backend that verifies it.
pub(crate) fn oauth_access_token(active: &ActiveToken) -> Value {
    let token = &active.token;
    json!({
        "object": "clerk_idp_oauth_access_token",
        "id": token.id,
        "client_id": active.grant.client_id,
        "subject": active.grant.user_id,
        "scopes": token.scopes,
        "revoked": false,
        "revocation_reason": null,
        "expired": false,
        "expiration": token.expire_at,
        "created_at": token.created_at,
        "updated_at": token.created_at,
    })
}

/// Renders what introspection tells about a valid token (RFC 7662).
pub(crate) fn token_info(cx: &Context<'_>, active: &ActiveToken) -> Value {
    let mut json = json!({
        "active": true,
        "client_id": active.grant.client_id,
        "iat": cx.real(active.token.created_at) / SECOND,
        "scope": active.token.scopes.join(" "),
        "sub": active.grant.user_id,
    });
    if let Some(id) = &active.grant.organization_id {
        json["org_id"] = json!(id);
    }
    json
}

/// Renders a user as far as the scopes of the token allow.
pub(crate) fn user_info(cx: &Context<'_>, active: &ActiveToken) -> Result<Value, Error> {
    let mut claims = claims_of_user(cx, &active.token, &active.grant, &active.user)?;
    claims.insert("object".to_owned(), json!("oauth_user_info"));
    claims.insert("instance_id".to_owned(), json!(cx.keys.instance_id));
    claims.insert("user_id".to_owned(), json!(active.user.id));
    Ok(Value::Object(claims))
}

fn claims_of_user(
    cx: &Context<'_>,
    token: &OauthToken,
    grant: &OauthGrant,
    user: &User,
) -> Result<Map<String, Value>, Error> {
    let mut claims = json!({ "sub": user.id });
    if token.has_scope("email") {
        let email_address = user.primary_email_address();
        claims["email"] = json!(email_address.map(|address| &address.value));
        claims["email_verified"] = json!(email_address.is_some_and(|address| address.is_verified()));
    }
    if token.has_scope("profile") {
        let names = [user.first_name.as_deref(), user.last_name.as_deref()];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        claims["given_name"] = json!(user.first_name);
        claims["family_name"] = json!(user.last_name);
        claims["name"] = json!(Some(name).filter(|name| !name.is_empty()));
        claims["preferred_username"] = json!(user.username);
        claims["username"] = json!(user.username);
        claims["picture"] = json!(view::image_url(cx, user));
    }
    for (name, metadata) in [
        ("public_metadata", &user.public_metadata),
        ("private_metadata", &user.private_metadata),
    ] {
        if token.has_scope(name) {
            claims[name] = json!(metadata);
        }
    }
    if let Some(id) = grant
        .organization_id
        .as_ref()
        .filter(|_| token.has_scope("user:org:read"))
        && let Some(organization) = cx.store.get::<Organization>(id)?
    {
        claims["org_id"] = json!(organization.id);
        claims["org_name"] = json!(organization.name);
        claims["org_slug"] = json!(organization.slug);
    }
    Ok(match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    })
}

/// Makes the JWT of an access token (RFC 9068). Its receivers verify it on the real clock.
pub(crate) fn access_token_jwt(cx: &Context<'_>, token: &OauthToken, grant: &OauthGrant) -> String {
    let now = cx.real_now / SECOND;
    let mut claims = json!({
        "client_id": grant.client_id,
        "exp": cx.real(token.expire_at) / SECOND,
        "iat": now,
        "iss": cx.url.frontend_api,
        "jti": token.id,
        "nbf": now - 10,
        "scope": token.scopes.join(" "),
        "scp": token.scopes,
        "sub": grant.user_id,
    });
    if let Some(id) = &grant.organization_id {
        claims["org_id"] = json!(id);
    }
    cx.keys.sign(&json!({ "typ": "at+jwt" }), &claims)
}

/// Makes the ID token beside an access token.
pub(crate) fn id_token(
    cx: &Context<'_>,
    access: &OauthToken,
    grant: &OauthGrant,
    user: &User,
) -> Result<String, Error> {
    let hash = digest(&SHA256, access.token.as_bytes());
    let now = cx.real_now / SECOND;
    let mut claims = claims_of_user(cx, access, grant, user)?;
    for (name, value) in [
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))),
        ("aud", json!(grant.client_id)),
        ("auth_time", json!(cx.real(grant.authenticated_at) / SECOND)),
        ("exp", json!(cx.real(access.expire_at) / SECOND)),
        ("iat", json!(now)),
        ("iss", json!(cx.url.frontend_api)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some(nonce) = &grant.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    Ok(cx.keys.sign(&json!({}), &Value::Object(claims)))
}
