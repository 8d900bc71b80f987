//! OAuth applications and their access tokens.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{
        DEFAULT_SCOPES, Image, OauthApplication, OauthToken, OauthTokenKind, is_redirect_uri, parse_scopes,
    },
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let query = &request.query;
    let mut applications = cx.store.all::<OauthApplication>()?;
    applications.retain(|application| {
        query.matches("name_query", &[&application.name])
            || query.filled("name_query") == Some(&application.client_id)
    });
    let render = |application| view::oauth_application(cx, application);
    let mut applications: Vec<Value> = applications.iter().map(render).collect();
    request.sort(&mut applications, &["created_at", "name"])?;
    Ok(request.paginated(&applications))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let scopes = cx.settings()?.default_scopes(&DEFAULT_SCOPES);
    let name = request.body.required("name")?.to_owned();
    let mut application = OauthApplication::new(name, scopes, cx.now);
    apply(request, &mut application)?;
    cx.store.put(&application)?;
    Ok(with_secret(cx, &application))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::oauth_application(cx, &find(cx, request)?)))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut application = find(cx, request)?;
    apply(request, &mut application)?;
    store(cx, application)
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let application = find(cx, request)?;
    cx.delete_oauth_application(&application)?;
    if let Some(image) = &application.image_id {
        cx.store.delete::<Image>(image)?;
    }
    Ok(Reply::json(&view::deleted("oauth_application", &application.id)))
}

pub(super) fn upload_logo(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut application = find(cx, request)?;
    let upload = request.upload.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    let image = Image::new(upload, cx.now);
    cx.store.put(&image)?;
    if let Some(previous) = application.image_id.replace(image.id) {
        cx.store.delete::<Image>(&previous)?;
    }
    store(cx, application)
}

pub(super) fn rotate_secret(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut application = find(cx, request)?;
    application.client_secret = OauthApplication::new_secret();
    application.updated_at = cx.now;
    cx.store.put(&application)?;
    Ok(with_secret(cx, &application))
}

/// Revokes all tokens of the grant that a token belongs to.
pub(super) fn revoke_token(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let application = find(cx, request)?;
    let token = cx.store.of::<OauthToken>(request.body.required("token")?)?.pop();
    let grant = token
        .as_ref()
        .map(|token| cx.grant_of_token(token))
        .transpose()?
        .flatten();
    let grant = grant.filter(|(grant, _)| grant.client_id == application.client_id);
    let (Some(token), Some((mut grant, _))) = (token, grant) else {
        return Err(ApiError::not_found("OAuth token", "of this secret").into());
    };
    if !token.can_be_revoked() {
        let message = "An access token that is a JWT cannot be revoked.";
        return Err(ApiError::bad_request("oauth_token_not_revocable", message).into());
    }
    cx.revoke_grant(&mut grant)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Verifies an access token.
pub(super) fn verify(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let body = &request.body;
    let text = match body.filled("access_token") {
        Some(text) => text,
        None => body
            .filled("secret")
            .ok_or_else(|| ApiError::missing("access_token"))?,
    };
    let active = cx
        .active_oauth_token(text)?
        .filter(|active| active.token.kind.is_access());
    if let Some(active) = active {
        return Ok(Reply::json(&view::oauth_access_token(&active)));
    }
    let known = cx.store.of::<OauthToken>(text)?.pop();
    if known.is_some_and(|token| token.kind == OauthTokenKind::JwtAccess) {
        return Ok(Reply::json(&json!({ "active": false })));
    }
    Err(ApiError::not_found("OAuth access token", "of this secret").into())
}

fn find(cx: &Context<'_>, request: &Request) -> Result<OauthApplication, Error> {
    request.load(cx, "oauth_application_id", "OAuth application")
}

fn store(cx: &Context<'_>, mut application: OauthApplication) -> Result<Reply, Error> {
    application.updated_at = cx.now;
    cx.store.put(&application)?;
    Ok(Reply::json(&view::oauth_application(cx, &application)))
}

fn with_secret(cx: &Context<'_>, application: &OauthApplication) -> Reply {
    let mut json = view::oauth_application(cx, application);
    let secret = if application.public {
        ""
    } else {
        &application.client_secret
    };
    json["client_secret"] = json!(secret);
    Reply::json(&json)
}

/// Sets the fields in the body.
fn apply(request: &Request, application: &mut OauthApplication) -> Result<(), Error> {
    let body = &request.body;
    if let Some(name) = body.filled("name") {
        if name.chars().count() > OauthApplication::MAX_NAME_LENGTH {
            let message = format!(
                "name must have at most {} characters.",
                OauthApplication::MAX_NAME_LENGTH
            );
            return Err(ApiError::value_invalid("name", message).into());
        }
        name.clone_into(&mut application.name);
    }
    if body.has("redirect_uris") {
        application.redirect_uris = body.list("redirect_uris");
    }
    if let Some(uri) = body.filled("callback_url")
        && !application.redirect_uris.iter().any(|known| known == uri)
    {
        application.redirect_uris.push(uri.to_owned());
    }
    if let Some(bad) = application.redirect_uris.iter().find(|uri| !is_redirect_uri(uri)) {
        let message = format!("{bad} is not an absolute URI without a fragment.");
        return Err(ApiError::value_invalid("redirect_uris", message).into());
    }
    if let Some(text) = body.filled("scopes") {
        application.scopes = parse_scopes(text)
            .map_err(|scope| ApiError::value_invalid("scopes", format!("There is no scope {scope}.")))?;
    }
    let is_dynamic = application.dynamically_registered;
    for (name, field) in [
        ("consent_screen_enabled", &mut application.consent_screen_enabled),
        ("pkce_required", &mut application.pkce_required),
        ("public", &mut application.public),
    ] {
        *field = body.flag(name).unwrap_or(*field);
    }
    if is_dynamic && !application.consent_screen_enabled {
        let message = "The consent screen of an application that has registered itself cannot be disabled.";
        return Err(ApiError::value_invalid("consent_screen_enabled", message).into());
    }
    Ok(())
}
