//! What clients of OAuth applications discover (OpenID Connect Discovery 1.0, RFC 8414).

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::Error,
    http::{Reply, Request},
    model::SCOPES,
};

pub(super) fn openid_configuration(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let mut json = common(cx)?;
    let api = &cx.url.frontend_api;
    for (name, value) in [
        ("introspection_endpoint", json!(format!("{api}/oauth/token_info"))),
        ("userinfo_endpoint", json!(format!("{api}/oauth/userinfo"))),
        ("response_modes_supported", json!(["query", "form_post"])),
        ("backchannel_logout_supported", json!(false)),
        ("frontchannel_logout_supported", json!(false)),
    ] {
        json[name] = value;
    }
    Ok(Reply::json(&json))
}

pub(super) fn authorization_server(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let mut json = common(cx)?;
    if cx.settings()?.dynamic_oauth_client_registration {
        json["registration_endpoint"] = json!(format!("{}/oauth/register", cx.url.frontend_api));
    }
    Ok(Reply::json(&json))
}

fn common(cx: &Context<'_>) -> Result<Value, Error> {
    let api = &cx.url.frontend_api;
    let has_organizations = cx.settings()?.organizations;
    let scopes = SCOPES.iter().map(|(name, _)| *name);
    let scopes = scopes.filter(|name| has_organizations || *name != "user:org:read");
    Ok(json!({
        // The address at which clients find this, which they compare.
        "issuer": api,
        "authorization_endpoint": format!("{api}/oauth/authorize"),
        "token_endpoint": format!("{api}/oauth/token"),
        "revocation_endpoint": format!("{api}/oauth/token/revoke"),
        "jwks_uri": format!("{api}/.well-known/jwks.json"),
        "scopes_supported": scopes.collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "claims_supported": [
            "aud", "auth_time", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name",
            "nonce", "org_id", "org_name", "org_slug", "picture", "preferred_username", "private_metadata",
            "public_metadata", "sub", "username",
        ],
        "code_challenge_methods_supported": ["S256"],
    }))
}
