//! OAuth applications.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    model::{OauthApplication, SCOPES},
    view,
};

/// Renders an application without its secret.
pub(crate) fn oauth_application(cx: &Context<'_>, application: &OauthApplication) -> Value {
    let api = &cx.url.frontend_api;
    json!({
        "object": "oauth_application",
        "id": application.id,
        "instance_id": cx.keys.instance_id,
        "name": application.name,
        "client_id": application.client_id,
        "client_uri": application.client_uri,
        "client_image_url": logo_url(cx, application),
        "dynamically_registered": application.dynamically_registered,
        "consent_screen_enabled": application.consent_screen_enabled,
        "pkce_required": application.pkce_required,
        "public": application.public,
        "scopes": application.scopes.join(" "),
        "redirect_uris": application.redirect_uris,
        "callback_url": application.redirect_uris.first().map_or("", String::as_str),
        "authorize_url": format!("{api}/oauth/authorize"),
        "token_fetch_url": format!("{api}/oauth/token"),
        "user_info_url": format!("{api}/oauth/userinfo"),
        "discovery_url": format!("{api}/.well-known/openid-configuration"),
        "token_introspection_url": format!("{api}/oauth/token_info"),
        "created_at": application.created_at,
        "updated_at": application.updated_at,
    })
}

/// Renders what the consent screen shows of an application that asks for these scopes.
pub(crate) fn oauth_consent(cx: &Context<'_>, application: &OauthApplication, scopes: &[String]) -> Value {
    let scopes = SCOPES
        .iter()
        .filter(|(name, _)| scopes.iter().any(|scope| scope == name));
    let scopes = scopes.map(
        |(name, description)| json!({ "scope": name, "description": description, "requires_consent": true }),
    );
    json!({
        "oauth_application_name": application.name,
        "oauth_application_logo_url": logo_url(cx, application),
        "oauth_application_url": application.client_uri,
        "client_id": application.client_id,
        // Without the Public Suffix List the domain is unknown; the screen then shows a part of the address.
        "redirect_domain": null,
        "scopes": scopes.collect::<Vec<_>>(),
    })
}

fn logo_url(cx: &Context<'_>, application: &OauthApplication) -> Option<String> {
    let uploaded = application.image_id.as_ref();
    let uploaded = uploaded.map(|id| format!("{}{}", cx.url.frontend_api, view::image_path(id)));
    uploaded.or_else(|| application.logo_uri.clone())
}
