//! Dynamic client registration (RFC 7591).

use http::StatusCode;
use serde_json::json;
use url::Url;

use crate::{
    domain::Context,
    error::{ApiError, Error, ErrorKind, OauthError},
    http::{Reply, Request},
    model::{OauthApplication, REGISTRATION_SCOPES, SECOND, is_redirect_uri, is_web, parse_scopes},
};

const AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

/// Registers a client. Metadata that Clerk does not use is ignored, as the standard demands.
pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let settings = cx.settings()?;
    if !settings.dynamic_oauth_client_registration {
        let message = "Dynamic client registration is not enabled for this instance.";
        let code = "dynamic_oauth_client_registration_disabled";
        return Err(ApiError::new(ErrorKind::Unprocessable, code, message).into());
    }
    let body = &request.body;
    let redirect_uris = body.list("redirect_uris");
    if redirect_uris.is_empty() {
        return Err(invalid_redirect_uri("redirect_uris is missing.").into());
    }
    if let Some(bad) = redirect_uris.iter().find(|uri| !is_redirect_uri(uri)) {
        return Err(
            invalid_redirect_uri(&format!("{bad} is not an absolute URI without a fragment.")).into(),
        );
    }
    let auth_method = body
        .filled("token_endpoint_auth_method")
        .unwrap_or(AUTH_METHODS[0]);
    if !AUTH_METHODS.contains(&auth_method) {
        let message = format!(
            "token_endpoint_auth_method must be one of {}.",
            AUTH_METHODS.join(", ")
        );
        return Err(invalid_metadata(message).into());
    }
    let scopes = match body.filled("scope") {
        None => settings.default_scopes(&REGISTRATION_SCOPES),
        Some(text) => parse_scopes(text)
            .map_err(|scope| invalid_metadata(format!("The scope {scope} does not exist.")))?,
    };
    let name = body.filled("client_name").unwrap_or_default();
    if name.chars().count() > OauthApplication::MAX_NAME_LENGTH {
        return Err(invalid_metadata("client_name is too long.").into());
    }
    let mut application = OauthApplication {
        redirect_uris,
        client_uri: web_url(request, "client_uri")?,
        logo_uri: web_url(request, "logo_uri")?,
        public: auth_method == "none",
        dynamically_registered: true,
        ..OauthApplication::new(name.to_owned(), scopes, cx.now)
    };
    if application.name.is_empty() {
        application.name.clone_from(&application.client_id);
    }
    cx.store.put(&application)?;
    let mut json = json!({
        "client_id": application.client_id,
        "client_id_issued_at": cx.real_now / SECOND,
        "client_secret_expires_at": 0,
        "client_name": application.name,
        "redirect_uris": application.redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": application.scopes.join(" "),
        "token_endpoint_auth_method": auth_method,
    });
    for (name, value) in [
        (
            "client_secret",
            Some(&application.client_secret).filter(|_| !application.public),
        ),
        ("client_uri", application.client_uri.as_ref()),
        ("logo_uri", application.logo_uri.as_ref()),
    ] {
        if let Some(value) = value {
            json[name] = json!(value);
        }
    }
    Ok(Reply::json(&json).with_status(StatusCode::CREATED))
}

/// Returns a field that is an address of the web.
fn web_url(request: &Request, name: &str) -> Result<Option<String>, OauthError> {
    match request.body.filled(name) {
        None => Ok(None),
        Some(text) if Url::parse(text).is_ok_and(|url| is_web(&url)) => Ok(Some(text.to_owned())),
        Some(_) => Err(invalid_metadata(format!("{name} must be an http or https URL."))),
    }
}

fn invalid_redirect_uri(message: &str) -> OauthError {
    OauthError::new("invalid_redirect_uri", message)
}

fn invalid_metadata(message: impl Into<String>) -> OauthError {
    OauthError::new("invalid_client_metadata", message)
}
