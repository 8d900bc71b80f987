//! The settings of OAuth applications.

use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::parse_scopes,
};

/// Settings for clients that publish their metadata themselves, which the local Clerk would have to load.
const METADATA_DOCUMENTS: [&str; 3] = [
    "client_id_metadata_documents_advertised",
    "client_id_metadata_documents_only_allow_pre_registered_clients",
    "client_id_metadata_documents_block_implicitly_allowed_clients",
];

pub(super) fn get(cx: &mut Context<'_>, _: &Request) -> Result<Reply, Error> {
    let settings = cx.settings()?;
    let scopes = Some(&settings.oauth_default_scopes).filter(|scopes| !scopes.is_empty());
    let mut json = json!({
        "object": "oauth_application_settings",
        "dynamic_oauth_client_registration": settings.dynamic_oauth_client_registration,
        "default_scopes": scopes,
        "oauth_jwt_access_tokens": settings.oauth_jwt_access_tokens,
    });
    for name in METADATA_DOCUMENTS {
        json[name] = Value::Bool(false);
    }
    Ok(Reply::json(&json))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    if let Some(name) = METADATA_DOCUMENTS
        .iter()
        .find(|name| body.flag(name) == Some(true))
    {
        return Err(ApiError::not_on_this_machine(&format!("choice of {name}")).into());
    }
    let mut settings = cx.settings()?;
    if body.contains("default_scopes") {
        let scopes = parse_scopes(&body.list("default_scopes").join(" "));
        settings.oauth_default_scopes = scopes.map_err(|scope| {
            ApiError::value_invalid("default_scopes", format!("There is no scope {scope}."))
        })?;
    }
    for (name, field) in [
        (
            "dynamic_oauth_client_registration",
            &mut settings.dynamic_oauth_client_registration,
        ),
        ("oauth_jwt_access_tokens", &mut settings.oauth_jwt_access_tokens),
    ] {
        *field = body.flag(name).unwrap_or(*field);
    }
    cx.store.put(&settings)?;
    get(cx, request)
}
