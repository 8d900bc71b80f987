//! JWT templates.

use serde_json::Value;

use crate::{
    domain::Context,
    error::{ApiError, Error},
    http::{Reply, Request},
    model::{JwtTemplate, SigningKey, reserved_claim},
    view,
};

pub(super) fn list(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let templates: Vec<Value> = cx
        .store
        .all::<JwtTemplate>()?
        .iter()
        .map(view::jwt_template)
        .collect();
    Ok(request.bare_or_paginated(&templates))
}

pub(super) fn create(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut template = JwtTemplate::new("", Default::default(), cx.now);
    apply(cx, request, &mut template)?;
    cx.store.put(&template)?;
    Ok(Reply::json(&view::jwt_template(&template)))
}

pub(super) fn get(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    Ok(Reply::json(&view::jwt_template(&find(cx, request)?)))
}

pub(super) fn update(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let mut template = find(cx, request)?;
    apply(cx, request, &mut template)?;
    template.updated_at = cx.now;
    cx.store.put(&template)?;
    Ok(Reply::json(&view::jwt_template(&template)))
}

pub(super) fn delete(cx: &mut Context<'_>, request: &Request) -> Result<Reply, Error> {
    let template = find(cx, request)?;
    cx.store.delete::<JwtTemplate>(&template.id)?;
    Ok(Reply::json(&view::deleted("jwt_template", &template.id)))
}

fn find(cx: &Context<'_>, request: &Request) -> Result<JwtTemplate, Error> {
    request.load(cx, "template_id", "JWT template")
}

/// Sets the fields in the body, among which name and claims are required.
fn apply(cx: &Context<'_>, request: &Request, template: &mut JwtTemplate) -> Result<(), Error> {
    let body = &request.body;
    body.required("name")?.clone_into(&mut template.name);
    let namesakes = cx.store.of::<JwtTemplate>(&template.name)?;
    if namesakes.iter().any(|other| other.id != template.id) {
        let message = format!("There is already a JWT template named {}.", template.name);
        return Err(ApiError::form("form_identifier_exists", "name", message).into());
    }
    template.claims = body
        .object("claims")?
        .ok_or_else(|| ApiError::missing("claims"))?;
    if let Some(reserved) = reserved_claim(&template.claims) {
        let message = format!("The claim {reserved} is set by Clerk and cannot be in a template.");
        return Err(ApiError::value_invalid("claims", message).into());
    }
    if let Some(lifetime) = body.number_in("lifetime", 30..=315_360_000)? {
        template.lifetime = lifetime;
    }
    if let Some(skew) = body.number_in("allowed_clock_skew", 0..=300)? {
        template.allowed_clock_skew = skew;
    }
    match body.flag("custom_signing_key") {
        Some(true) => {
            let algorithm = body.required("signing_algorithm")?;
            template.signing_key = Some(SigningKey::new(algorithm, body.required("signing_key")?)?);
        }
        _ if body.filled("signing_key").is_some() => {
            let message = "signing_key requires custom_signing_key.";
            return Err(ApiError::value_invalid("signing_key", message).into());
        }
        Some(false) => template.signing_key = None,
        None => {}
    }
    Ok(())
}
